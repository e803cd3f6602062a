namespace CaptureFlow.Orchestrations;

/// <summary>The fleet's custom status while it runs. What each capture is doing is its own status.</summary>
/// <param name="State">Planning, then attaching until the shared window opens, capturing until its end, then finishing.</param>
/// <param name="Members">The captures; empty until the target is resolved.</param>
/// <param name="LeftOut">Pods that match and are not captured.</param>
/// <param name="Listening">How many taps listen.</param>
/// <param name="Window">The shared window; null until it is open.</param>
public sealed record FleetProgress(
    CaptureState State, IReadOnlyList<FleetMember> Members, IReadOnlyList<LeftOutPod> LeftOut, int Listening = 0, SharedWindow? Window = null)
{
    /// <summary>As in <see cref="CaptureProgress"/>: one word is for all pods.</summary>
    public ApprovalState? Approval { get; init; }

    /// <summary>As in <see cref="CaptureProgress"/>: a fleet is let in as a whole.</summary>
    public QueuePlace? Queue { get; init; }
}
