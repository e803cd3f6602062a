namespace CaptureFlow.Orchestrations;

/// <summary>What a capture came to. Output of <c>CaptureOrchestrator</c>.</summary>
public sealed record CaptureReport
{
    public required string CaptureId { get; init; }

    /// <summary>One of the ended states.</summary>
    public required CaptureState State { get; init; }

    /// <summary>Null when there is no evidence.</summary>
    public StoredEvidence? Evidence { get; init; }

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    public CapturePlan? Plan { get; init; }

    /// <summary>The second person's word; null when nobody was asked.</summary>
    public ApprovalState? Approval { get; init; }

    public Grant? Grant { get; init; }

    public Tap? Tap { get; init; }

    public TapSummary? Tapped { get; init; }

    /// <summary>Null when nothing was ever granted.</summary>
    public RevocationProof? Revocation { get; init; }

    public IReadOnlyList<StepRecord> Timeline { get; init; } = [];
}
