using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Orchestrations;

/// <summary>What this installation allows. Options can only lower the ceilings of <see cref="CaptureCeilings"/>.</summary>
public sealed class CapturePolicy
{
    public const string Section = "CaptureFlow:Policy";

    /// <summary>Namespaces that may be captured in; empty allows every namespace that the cluster's RBAC allows.</summary>
    /// <value>Empty.</value>
    public IList<string> Namespaces { get; init; } = [];

    /// <summary>Longest window.</summary>
    /// <value>15 minutes; at most 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Largest capture file in bytes.</summary>
    /// <value>2 GiB; at most 8 GiB.</value>
    [Range(1_024, CaptureCeilings.Bytes)]
    public long MaxBytes { get; set; } = 2L << 30;

    /// <summary>Whether more than <see cref="CaptureWindow.HeaderSnapLength"/> bytes of a packet may be kept, where no namespace says otherwise.</summary>
    /// <value>true.</value>
    public bool AllowPayload { get; set; } = true;

    /// <summary>Namespaces where payload is never kept, whatever <see cref="AllowPayload"/> says.</summary>
    /// <value>Empty.</value>
    public IList<string> HeaderOnlyNamespaces { get; init; } = [];

    /// <summary>
    /// Whether a capture may see all traffic of a node, whosever it is. Captures on a node that are narrowed to one pod's addresses need only
    /// that pod's namespace.
    /// </summary>
    /// <value>false.</value>
    public bool AllowNodes { get; set; }

    /// <summary>The nodes that <see cref="AllowNodes"/> is limited to; empty is no limit.</summary>
    /// <value>Empty: every node, once <see cref="AllowNodes"/> is set.</value>
    public IList<string> Nodes { get; init; } = [];

    /// <summary>Namespaces where a second person has to approve each capture.</summary>
    /// <value>Empty.</value>
    public IList<string> ApprovalNamespaces { get; init; } = [];

    /// <summary>Whether a second person has to approve captures that keep more than <see cref="CaptureWindow.HeaderSnapLength"/> bytes of a packet.</summary>
    /// <value>false.</value>
    public bool ApproveFullPayload { get; set; }

    /// <summary>How long an order waits for the second person.</summary>
    /// <value>30 minutes; at most 24 hours.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ApprovalWithin { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Most pods that one order may capture in.</summary>
    /// <value>10; at most 50.</value>
    [Range(1, CaptureCeilings.Pods)]
    public int MaxPods { get; set; } = 10;
}
