namespace CaptureFlow.Orchestrations;

/// <summary>What was asked of several pods: one order for each of them, and one window for all. Input of <c>FleetOrchestrator</c>.</summary>
/// <param name="CaptureId">Names the fleet; its captures have ids of their own. See <see cref="CaptureIds"/>.</param>
/// <param name="Target">The workload or selector.</param>
/// <param name="Window">The bounds of each capture.</param>
/// <param name="Filter">As in <see cref="CaptureOrder"/>.</param>
/// <param name="RequestedBy">Who asked, as the trigger established it.</param>
/// <param name="Reason">Why, in the asker's own words.</param>
/// <param name="RequestedAt">When the order was accepted, UTC.</param>
/// <param name="Ports">As in <see cref="CaptureOrder"/>; looked up for each pod.</param>
public sealed record FleetOrder(
    string CaptureId,
    FleetTarget Target,
    CaptureWindow Window,
    string? Filter,
    string RequestedBy,
    string? Reason,
    DateTimeOffset RequestedAt,
    PortFilter? Ports = null)
{
    /// <summary>As in <see cref="CaptureOrder"/>.</summary>
    public string? RequesterId { get; init; }

    /// <summary>As in <see cref="CaptureOrder"/>: one yes is for all pods.</summary>
    public ApprovalDecision? Approval { get; init; }

    /// <summary>As in <see cref="CaptureOrder"/>; of the fleet as one, and not of its captures.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? Callback { get; init; }

    /// <summary>How long the captures that listen wait for those that do not yet; an image pull on a cold node takes about that long.</summary>
    public static readonly TimeSpan StartAllowance = TimeSpan.FromSeconds(60);

    // The fleet's word takes a moment to arrive; until then the tap must not end by itself.
    public static readonly TimeSpan WordAllowance = TimeSpan.FromSeconds(15);

    /// <summary>The order for one pod.</summary>
    public CaptureOrder For(FleetMember member) => new(
        member.CaptureId,
        new CaptureTarget(Target.Namespace, member.Pod, Target.Container, Target.Cluster),
        Window,
        Filter,
        RequestedBy,
        Reason,
        RequestedAt,
        Ports,
        new FleetMembership(CaptureId, StartAllowance + WordAllowance)) { RequesterId = RequesterId, Approval = Approval };
}
