using System.Text.Json.Serialization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Alerts;

/// <summary>What became of a sender's alerts. The lists are bounded, the counts are not.</summary>
/// <param name="Started">Captures that this call started.</param>
/// <param name="Joined">Captures that an earlier call with the same alert has started.</param>
/// <param name="Ignored">Alerts that started nothing, by reason and target.</param>
/// <param name="Counts">Of all alerts.</param>
/// <param name="Preview">What a sender's test message would have come to, had it been an alert; null without one.</param>
internal sealed record AlertAnswer(
    IReadOnlyList<AlertCapture> Started,
    IReadOnlyList<AlertCapture> Joined,
    IReadOnlyList<IgnoredAlerts> Ignored,
    AlertCounts Counts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<AlertPreview>? Preview = null)
{
    /// <summary>The same as it is remembered.</summary>
    [JsonIgnore]
    public IReadOnlyList<AlertOutcome> Outcomes =>
    [
        .. Started.Select(one => new AlertOutcome("started", one.Alerts, one.Target, one.CaptureId, one.CoolDownUntil)),
        .. Joined.Select(one => new AlertOutcome("joined", one.Alerts, one.Target, one.CaptureId)),
        .. Ignored.Select(one => new AlertOutcome(one.Why, one.Alerts, one.Target, one.CaptureId, one.CoolDownUntil, one.Detail)),
    ];
}

/// <param name="CaptureId">The capture.</param>
/// <param name="Target">NAMESPACE/POD or NAMESPACE/KIND/NAME.</param>
/// <param name="Alerts">How many alerts of this call it stands for.</param>
/// <param name="CoolDownUntil">Of a capture that this call started: until then no other alert orders one of this target, unless the order
/// is refused.</param>
internal sealed record AlertCapture(
    string CaptureId,
    string Target,
    int Alerts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? CoolDownUntil = null);

/// <param name="Why">A word of <see cref="IgnoredAlert"/>.</param>
/// <param name="Alerts">How many.</param>
/// <param name="Target">Null where they have none.</param>
/// <param name="CaptureId">With a cool-down, the capture that began it.</param>
/// <param name="CoolDownUntil">With a cool-down, when it ends.</param>
/// <param name="Detail">The same in a sentence, of the first of them; null where the word says it all.</param>
internal sealed record IgnoredAlerts(
    string Why,
    long Alerts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Target = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CaptureId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? CoolDownUntil = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail = null);

/// <summary>What alerts would come to.</summary>
/// <param name="Would"><c>start</c>, <c>join</c>, or a word of <see cref="IgnoredAlert"/>.</param>
/// <param name="Alerts">How many.</param>
/// <param name="Target">What would be captured; null without a target.</param>
/// <param name="CaptureId">The capture that they would join, or that began the cool-down.</param>
/// <param name="CoolDownUntil">When a cool-down ends.</param>
/// <param name="Detail">The same in a sentence.</param>
internal sealed record AlertPreview(
    string Would, long Alerts, string? Target, string? CaptureId, DateTimeOffset? CoolDownUntil, string? Detail)
{
    public static AlertPreview Of(IgnoredAlerts ignored) =>
        new(ignored.Why, ignored.Alerts, ignored.Target, ignored.CaptureId, ignored.CoolDownUntil, ignored.Detail);
}

/// <summary>Answer to a trial: what a message would come to.</summary>
/// <param name="Binding">Whose trial it is.</param>
/// <param name="Preview">Bounded; the count is not.</param>
/// <param name="Alerts">In the message, those that the sender left out included.</param>
internal sealed record AlertTrial(string Binding, IReadOnlyList<AlertPreview> Preview, long Alerts);

/// <summary>Of the alerts of one call.</summary>
internal sealed record AlertCounts(long Alerts, long Started, long Joined, long Ignored);
