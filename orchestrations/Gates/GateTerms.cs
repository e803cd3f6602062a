namespace CaptureFlow.Orchestrations;

/// <summary>What an order has to pass between its plan and its grant. With neither term it passes at once, and without a trace.</summary>
/// <param name="CaptureId">The capture, or the fleet as a whole.</param>
/// <param name="RequesterId">The stable id of who asked.</param>
/// <param name="RequestedBy">The same as people write it.</param>
/// <param name="Approval">Null when no second person is asked.</param>
/// <param name="Admission">Null when no quota concerns it.</param>
internal sealed record GateTerms(string CaptureId, string RequesterId, string RequestedBy, ApprovalTerms? Approval, AdmissionTerms? Admission);
