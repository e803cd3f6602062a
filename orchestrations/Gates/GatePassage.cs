namespace CaptureFlow.Orchestrations;

/// <summary>What came of the gate.</summary>
/// <param name="Ended">Null for passed; else the state that the order ends in, nothing having been changed.</param>
/// <param name="Faults">Why it ended.</param>
/// <param name="Approval">The second person's word; null when nobody was asked.</param>
internal sealed record GatePassage(CaptureState? Ended, IReadOnlyList<CaptureFault> Faults, ApprovalState? Approval);
