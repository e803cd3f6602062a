namespace CaptureFlow.Orchestrations;

/// <summary>A capture whose rights nobody has proven gone, and which does not see to it itself any more. Input of <c>RevocationOrchestrator</c>.</summary>
/// <param name="CaptureId">The capture, or a fleet that is stuck.</param>
/// <param name="Plan">What was done; null of a fleet, which has no rights of its own.</param>
/// <param name="Timeline">The capture's steps, for the manifest that gets the proof.</param>
/// <param name="Stuck">Its orchestration still runs, past its deadline.</param>
/// <param name="Tries">What was tried so far.</param>
public sealed record RevocationOrder(string CaptureId, CapturePlan? Plan, IReadOnlyList<StepRecord> Timeline, bool Stuck, RevocationTries Tries)
{
    /// <summary>Whether what the capture had fetched is still to be discarded: a cancel was asked, and the store did not do it.</summary>
    public bool Discard { get; init; }

    /// <summary>What the ids of these instances begin with.</summary>
    public const string Prefix = "rv-";

    /// <summary>The instance that goes on revoking; one for each capture.</summary>
    public static string InstanceIdOf(string captureId) => Prefix + captureId;
}
