namespace CaptureFlow.Orchestrations;

/// <summary>How the reaper fares with one capture: the orchestration's custom status, and what the capture shows.</summary>
/// <param name="Since">Since when it sees to it, UTC.</param>
/// <param name="Stuck">The capture's own orchestration still runs, past its deadline.</param>
/// <param name="Count">How often it was tried to prove the rights gone.</param>
/// <param name="LastAt">The last try, UTC; null before the first.</param>
/// <param name="LastAnswer">What it came to, in words.</param>
/// <param name="NextAt">The next try, UTC; null once there is none.</param>
/// <param name="ProvenAt">UTC; null as long as they are not.</param>
public sealed record RevocationTries(
    DateTimeOffset Since, bool Stuck = false, int Count = 0, DateTimeOffset? LastAt = null, string? LastAnswer = null, DateTimeOffset? NextAt = null, DateTimeOffset? ProvenAt = null)
{
    /// <summary>The rights are proven gone: what is tried is to discard what a cancelled capture had fetched.</summary>
    public bool OnlyDiscards { get; init; }
}

/// <summary>Output of <c>RevocationOrchestrator</c>.</summary>
/// <param name="Proof">The one that holds; null when the capture went on by itself, or was a fleet, which has no rights.</param>
/// <param name="Tries">How long it took.</param>
public sealed record RevocationReport(RevocationProof? Proof, RevocationTries Tries);
