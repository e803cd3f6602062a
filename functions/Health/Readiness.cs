using System.Text.Json.Serialization;

namespace CaptureFlow.Functions.Health;

/// <summary>Whether the app can do its work, as far as it can tell.</summary>
/// <param name="Status">failed when one check failed; unknown when one is unknown.</param>
/// <param name="Checks">By name: store, clusters, taskHub, lastSweep; on the local host stateFolder.</param>
internal sealed record Readiness(ReadyStatus Status, IReadOnlyDictionary<string, ReadyCheck> Checks)
{
    public static Readiness Of(IReadOnlyDictionary<string, ReadyCheck> checks) => new(checks.Values.Max(check => check.Status), checks);

    /// <summary>For callers that are nobody in particular: the words name neither clusters nor what they answered.</summary>
    public Readiness WithoutNames() => this with { Checks = Checks.ToDictionary(check => check.Key, check => check.Value with { Detail = null }) };
}

/// <summary>One thing that the app needs.</summary>
/// <param name="Status">What is known of it.</param>
/// <param name="Text">In words that name nothing.</param>
/// <param name="Detail">Names, and others' words; null where there are none, and for callers without a role.</param>
internal sealed record ReadyCheck(ReadyStatus Status, string Text, string? Detail = null);

/// <summary>What is known of a thing, the worse the later.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReadyStatus>))]
internal enum ReadyStatus
{
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>This instance cannot tell.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    [JsonStringEnumMemberName("failed")]
    Failed,
}
