namespace CaptureFlow.Orchestrations;

/// <summary>What the second person said. Payload of <see cref="CaptureEvents.Decision"/>.</summary>
/// <param name="Approved">False for a no.</param>
/// <param name="ById">The stable id of who decided, as the trigger established it.</param>
/// <param name="By">The same as people write it.</param>
/// <param name="Comment">In their own words; null for none.</param>
/// <param name="At">When it was said, UTC.</param>
public sealed record ApprovalDecision(bool Approved, string ById, string By, string? Comment, DateTimeOffset At);
