using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>What one capture takes of one quota, with the limit as it was configured when the capture was planned.</summary>
/// <param name="Scope">Whose quota it is.</param>
/// <param name="Name">The caller's id, the namespace, the node, or the cluster.</param>
/// <param name="Kind">What is counted.</param>
/// <param name="Amount">How much this capture takes at worst: captures, bytes, or seconds.</param>
/// <param name="Limit">How much there is, in the same unit.</param>
public sealed record QuotaClaim(QuotaScope Scope, string Name, QuotaKind Kind, long Amount, long Limit)
{
    /// <summary>Claims of the same key share one quota.</summary>
    [JsonIgnore]
    public string Key => $"{Kind}/{Scope}/{Name}";

    /// <summary>Whether others than this caller wait for it too.</summary>
    [JsonIgnore]
    public bool Shared => Scope != QuotaScope.Caller;

    /// <summary>Used up by the day, and not freed when the capture ends.</summary>
    [JsonIgnore]
    public bool Daily => Kind != QuotaKind.Concurrent;

    /// <summary>E.g. <c>concurrent captures in namespace 'shop' (1 of 1)</c>.</summary>
    public string Say(long used) => Kind switch
    {
        QuotaKind.Concurrent => $"concurrent captures {Where} ({used} of {Limit})",
        QuotaKind.BytesPerDay => $"bytes a day {Where} ({used} of {Limit})",
        QuotaKind.PayloadSecondsPerDay => $"minutes of full payload a day {Where} ({used / 60} of {Limit / 60})",
    };

    /// <summary>Where the limit is configured.</summary>
    [JsonIgnore]
    public string Setting => $"{CaptureQuotas.Section}:Per{Scope}:{(Kind == QuotaKind.PayloadSecondsPerDay ? nameof(QuotaLimits.PayloadMinutesPerDay) : Kind.ToString())}";

    private string Where => Scope switch
    {
        QuotaScope.Caller => $"of caller '{Name}'",
        QuotaScope.Node => $"on node '{Name}'",
        QuotaScope.Namespace => $"in namespace '{Name}'",
        QuotaScope.Cluster => $"in cluster '{Name}'",
    };
}

/// <summary>Whose quota it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuotaScope>))]
public enum QuotaScope
{
    Caller,
    Namespace,
    Node,
    Cluster,
}

/// <summary>What a quota counts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuotaKind>))]
public enum QuotaKind
{
    /// <summary>Captures at the same time.</summary>
    Concurrent,

    /// <summary>Bytes of capture files, by the UTC day on which the capture was let in.</summary>
    BytesPerDay,

    /// <summary>Seconds of windows that keep more than headers, by the same day.</summary>
    PayloadSecondsPerDay,
}
