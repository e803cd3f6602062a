namespace CaptureFlow.Orchestrations;

/// <summary>Input of the steps that act with a grant.</summary>
public sealed record GrantedStep(CapturePlan Plan, Grant Grant);

/// <summary>Input of <see cref="CaptureSteps.FinishCapture"/>.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Grant">The grant.</param>
/// <param name="StopNow">End the window now instead of waiting for it.</param>
public sealed record FinishRequest(CapturePlan Plan, Grant Grant, bool StopNow);

/// <summary>Input of <see cref="CaptureSteps.RetrieveCapture"/>.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Grant">The grant.</param>
/// <param name="Tapped">The tap's account; null when it could not be read, then all that can be had is fetched.</param>
public sealed record RetrieveRequest(CapturePlan Plan, Grant Grant, TapSummary? Tapped)
{
    /// <summary>Why the account could not be read, in the other side's words; null when it was.</summary>
    public string? Unread { get; init; }
}

/// <summary>Input of <see cref="CaptureSteps.StoreCapture"/>.</summary>
public sealed record StoreRequest(
    CapturePlan Plan, Grant Grant, Tap Tap, TapSummary? Tapped, RetrievedFile? Retrieved, IReadOnlyList<CaptureFault> Faults, IReadOnlyList<StepRecord> Timeline);

/// <summary>Input of <see cref="CaptureSteps.RevokePermission"/>.</summary>
public sealed record RevokeRequest(CapturePlan Plan, IReadOnlyList<StepRecord> Timeline);

/// <summary>Input of <see cref="CaptureSteps.AddProof"/>.</summary>
public sealed record ProofRequest(CapturePlan Plan, RevocationProof Proof, IReadOnlyList<StepRecord> Timeline);

/// <summary>Output of <see cref="CaptureSteps.DiscardCapture"/>.</summary>
public sealed record Discarded(string CaptureId);
