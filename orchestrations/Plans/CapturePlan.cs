namespace CaptureFlow.Orchestrations;

/// <summary>What will be done for an order: everything resolved, nothing changed yet.</summary>
/// <param name="Order">The order that it answers.</param>
/// <param name="Site">The way it is done, one of <see cref="CaptureMethods"/>.</param>
/// <param name="PodUid">The pod as it was found; another pod of the same name is not the target.</param>
/// <param name="Node">The node that runs the pod.</param>
/// <param name="Image">The image of the tap's container.</param>
/// <param name="Arguments">The exact argv of tcpdump.</param>
/// <param name="PacketBound">The most packets (tcpdump's <c>-c</c>); null when bounded by size alone.</param>
/// <param name="ByteBound">The most bytes that the file can have.</param>
/// <param name="GrantLifetime">How long the grant may live at most; after it the reaper takes it back.</param>
/// <param name="Sees">What this method sees and does not, in words for the manifest.</param>
/// <param name="EarlierTaps">Ephemeral containers that earlier captures left in the pod's spec (they can't be removed).</param>
/// <param name="PlannedAt">UTC.</param>
/// <param name="Filter">The filter as tcpdump gets it, port and Service names looked up; null captures everything.</param>
/// <param name="Place">The node of a node capture; null for a capture in a pod.</param>
/// <param name="Choice">Why this method, where the order left it open; null where it did not.</param>
public sealed record CapturePlan(
    CaptureOrder Order,
    string Site,
    string PodUid,
    string Node,
    string Image,
    IReadOnlyList<string> Arguments,
    long? PacketBound,
    long ByteBound,
    TimeSpan GrantLifetime,
    string Sees,
    IReadOnlyList<string> EarlierTaps,
    DateTimeOffset PlannedAt,
    string? Filter = null,
    NodePlace? Place = null,
    string? Choice = null)
{
    /// <summary>Whether it sees what everybody on the node sends: a capture of a node, or in a pod that uses its node's network.</summary>
    public bool WholeNode { get; init; }

    /// <summary>The namespace of CaptureFlow's own where the capture's account lives; null where it lives beside its binding.</summary>
    public string? AccountNamespace { get; init; }

    /// <summary>Set when policy asks for a second person; never within a fleet, where one word is for all.</summary>
    public ApprovalTerms? Approval { get; init; }

    /// <summary>Set when a quota concerns the capture; never within a fleet, which is let in as a whole.</summary>
    public AdmissionTerms? Admission { get; init; }
}
