using System.Text.Json.Serialization;

namespace CaptureFlow.Functions.Alerts;

/// <summary>What became of a sender's alerts. The lists are bounded, the counts are not.</summary>
/// <param name="Started">Captures that this call started.</param>
/// <param name="Joined">Captures that an earlier call with the same alert has started.</param>
/// <param name="Ignored">Alerts that started nothing, by reason and target.</param>
/// <param name="Counts">Of all alerts.</param>
internal sealed record AlertAnswer(IReadOnlyList<AlertCapture> Started, IReadOnlyList<AlertCapture> Joined, IReadOnlyList<IgnoredAlerts> Ignored, AlertCounts Counts);

/// <param name="CaptureId">The capture.</param>
/// <param name="Target">NAMESPACE/POD or NAMESPACE/KIND/NAME.</param>
/// <param name="Alerts">How many alerts of this call it stands for.</param>
internal sealed record AlertCapture(string CaptureId, string Target, int Alerts);

/// <param name="Why">A word of <see cref="IgnoredAlert"/>.</param>
/// <param name="Alerts">How many.</param>
/// <param name="Target">Null where they have none.</param>
/// <param name="CaptureId">With a cool-down, the capture that began it.</param>
internal sealed record IgnoredAlerts(
    string Why,
    long Alerts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Target = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CaptureId = null);

/// <summary>Of the alerts of one call.</summary>
internal sealed record AlertCounts(long Alerts, long Started, long Joined, long Ignored);
