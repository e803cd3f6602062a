namespace CaptureFlow.Orchestrations;

/// <summary>What was asked: the target, the window, the filter, who and why. Input of <c>CaptureOrchestrator</c>.</summary>
/// <param name="CaptureId">Names everything that the capture makes: instance, grant, container, files. See <see cref="CaptureIds"/>.</param>
/// <param name="Target">The pod to capture in.</param>
/// <param name="Window">The bounds in time, packets and bytes.</param>
/// <param name="Filter">A pcap-filter expression, passed to tcpdump as one argument; null captures everything.</param>
/// <param name="RequestedBy">Who asked, as the trigger established it.</param>
/// <param name="Reason">Why, in the asker's own words.</param>
/// <param name="RequestedAt">When the order was accepted, UTC.</param>
/// <param name="Ports">Port or Service names that narrow the filter; null for none.</param>
/// <param name="Fleet">Set when the capture is one of several of a workload or selector.</param>
public sealed record CaptureOrder(
    string CaptureId,
    CaptureTarget Target,
    CaptureWindow Window,
    string? Filter,
    string RequestedBy,
    string? Reason,
    DateTimeOffset RequestedAt,
    PortFilter? Ports = null,
    FleetMembership? Fleet = null)
{
    /// <summary>The stable id of who asked; null when it is <see cref="RequestedBy"/> itself.</summary>
    public string? RequesterId { get; init; }

    /// <summary>The second person's yes; null until it is given, and where policy asks for none.</summary>
    public ApprovalDecision? Approval { get; init; }

    /// <summary>Where the end is told by one POST, sealed: such an address often holds a token. Null for nowhere, and in everything that is shown or stored.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? Callback { get; init; }

    /// <summary>The longest that the tap may listen: the window, and in a fleet the time until the last of the others listens.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public TimeSpan LongestWindow => Window.Duration + (Fleet?.StartAllowance ?? TimeSpan.Zero);
}
