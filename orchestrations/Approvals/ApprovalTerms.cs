namespace CaptureFlow.Orchestrations;

/// <summary>Why a second person has to say yes before anything is changed, and how long there is for it.</summary>
/// <param name="Why">Each of policy's reasons, in one sentence.</param>
/// <param name="Within">From the end of planning; afterwards the order has expired.</param>
public sealed record ApprovalTerms(IReadOnlyList<string> Why, TimeSpan Within);
