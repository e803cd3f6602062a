namespace CaptureFlow.Orchestrations;

/// <summary>The pods that a fleet's order comes to.</summary>
/// <param name="Members">In the order of their names.</param>
/// <param name="LeftOut">Pods that match and are not captured, each with the reason.</param>
public sealed record FleetPlan(IReadOnlyList<FleetMember> Members, IReadOnlyList<LeftOutPod> LeftOut)
{
    /// <summary>How many of the pods each node runs; null when it was not looked at.</summary>
    public IReadOnlyDictionary<string, int>? Nodes { get; init; }

    /// <summary>Whether one of the pods uses its node's network, so that a capture in it sees what everybody on the node sends.</summary>
    public bool WholeNode { get; init; }

    /// <summary>Set when policy asks for a second person.</summary>
    public ApprovalTerms? Approval { get; init; }

    /// <summary>Set when a quota concerns the fleet.</summary>
    public AdmissionTerms? Admission { get; init; }
}

/// <param name="Pod">Pod name.</param>
/// <param name="CaptureId">Of the capture in this pod; the same for the same run of a fleet and pod.</param>
public sealed record FleetMember(string Pod, string CaptureId)
{
    /// <param name="fleetId">Of the fleet.</param>
    /// <param name="requestedAt">When it was asked for: a fleet whose key comes again after it was forgotten is another run.</param>
    /// <param name="pod">Pod name.</param>
    /// <param name="podUid">Tells it from others of its name.</param>
    public static FleetMember Of(string fleetId, DateTimeOffset requestedAt, string pod, string podUid) =>
        new(pod, CaptureIds.FromKey($"{fleetId}\n{podUid}\n{requestedAt.UtcTicks}"));
}

/// <param name="Pod">Pod name.</param>
/// <param name="Reason">E.g. <c>not running: Pending</c>.</param>
public sealed record LeftOutPod(string Pod, string Reason);
