namespace CaptureFlow.Orchestrations;

/// <summary>
/// When an orchestration that still runs is past what its order could ever take. Judged step by step, from what it shows of itself: the step under way
/// has its own longest time, and the next one begins at once. Pure.
/// </summary>
public static class CaptureDeadlines
{
    /// <summary>
    /// The last attempt of a step may begin at the end of its repeats and take as long as a function may (10 minutes); clocks of two hosts may be some
    /// minutes apart.
    /// </summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(20);

    /// <summary>How long an order may lie before a host takes it up: a busy host has others before it.</summary>
    public static readonly TimeSpan Unstarted = TimeSpan.FromHours(1);

    /// <summary>After it was asked to end, which it does within the step under way; then it is taken for dead.</summary>
    public static readonly TimeSpan EndWithin = TimeSpan.FromMinutes(20);

    /// <summary>The longest wait that the options of approvals and queues allow.</summary>
    private static readonly TimeSpan LongestGate = TimeSpan.FromHours(24);

    /// <summary>
    /// No capture, nor fleet, lasts longer: both waits, and a day for everything from the grant to the last try to revoke, each with its repeats.
    /// </summary>
    public static readonly TimeSpan Longest = LongestGate + LongestGate + TimeSpan.FromHours(24);

    public static DateTimeOffset Of(CaptureOrder order, CaptureProgress? progress, DateTimeOffset createdAt) => progress switch
    {
        null or { Timeline: [] } => createdAt + Unstarted,
        { Timeline: [.., { EndedAt: { } ended }] } => ended + Grace,
        { Timeline: [.., var step] } => Ends(order, progress, step) + Grace,
    };

    /// <summary>Of a fleet that waits for itself. Once its captures are under way they have deadlines of their own: null.</summary>
    public static DateTimeOffset? Of(FleetProgress? progress, DateTimeOffset createdAt) => progress is null ? createdAt + Unstarted : progress.State switch
    {
        CaptureState.Planning => createdAt + Unstarted,
        CaptureState.AwaitingApproval => (progress.Approval?.Until ?? (createdAt + LongestGate)) + Grace,
        CaptureState.Queued => (progress.Queue?.Until ?? (createdAt + LongestGate + LongestGate)) + Grace,
        CaptureState.Granting or CaptureState.Attaching or CaptureState.Capturing or CaptureState.Finishing or CaptureState.Retrieving or CaptureState.Storing
            or CaptureState.Cancelling or CaptureState.Revoking => null,
        CaptureState.Completed or CaptureState.Refused or CaptureState.Denied or CaptureState.Expired or CaptureState.Cancelled or CaptureState.Failed
            or CaptureState.RevokeUnproven or CaptureState.NotDiscarded => null,
    };

    private static DateTimeOffset Ends(CaptureOrder order, CaptureProgress progress, StepRecord step) => step.Step switch
    {
        CaptureSteps.AwaitApproval => progress.Approval?.Until ?? (step.StartedAt + LongestGate),
        CaptureSteps.AwaitAdmission => progress.Queue?.Until ?? (step.StartedAt + LongestGate),
        CaptureSteps.CaptureWindow => step.StartedAt + order.LongestWindow,
        _ => step.StartedAt + StepRetries.Within(step.Step),
    };
}
