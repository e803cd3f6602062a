using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Orchestrations;

/// <summary>How much may be captured at once and in a day. Nothing is limited that is not set here.</summary>
public sealed class CaptureQuotas
{
    public const string Section = "CaptureFlow:Quotas";

    /// <summary>What becomes of a capture that is over a quota.</summary>
    /// <value>Queue.</value>
    public WhenOverQuota WhenOver { get; set; } = WhenOverQuota.Queue;

    /// <summary>The longest that a capture waits in line; afterwards it is refused, because what it was ordered for is long over.</summary>
    /// <value>1 hour; at most 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromHours(1);

    /// <summary>For each caller, by stable id.</summary>
    public QuotaLimits PerCaller { get; init; } = new();

    /// <summary>For each namespace of each cluster.</summary>
    public QuotaLimits PerNamespace { get; init; } = new();

    /// <summary>For each node of each cluster.</summary>
    public QuotaLimits PerNode { get; init; } = new();

    /// <summary>For each cluster as a whole.</summary>
    public QuotaLimits PerCluster { get; init; } = new();

    /// <summary>The limits with whose they are.</summary>
    public IEnumerable<(QuotaScope Scope, QuotaLimits Limits)> All =>
    [
        (QuotaScope.Caller, PerCaller), (QuotaScope.Namespace, PerNamespace), (QuotaScope.Node, PerNode), (QuotaScope.Cluster, PerCluster),
    ];
}

/// <summary>What becomes of a capture that is over a quota.</summary>
public enum WhenOverQuota
{
    /// <summary>It waits in line.</summary>
    Queue,

    /// <summary>It is refused at once.</summary>
    Refuse,
}
