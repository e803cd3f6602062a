namespace CaptureFlow.Orchestrations;

/// <summary>Where the second person's word stands, as status and report show it.</summary>
/// <param name="Why">Each of policy's reasons, in one sentence.</param>
/// <param name="WhoMay">Who may decide, in words.</param>
/// <param name="Until">The deadline, UTC.</param>
/// <param name="Decision">What was said; null while nobody has, or when nobody did in time.</param>
public sealed record ApprovalState(IReadOnlyList<string> Why, string WhoMay, DateTimeOffset Until, ApprovalDecision? Decision = null);
