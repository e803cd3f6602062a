using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>The verdict and why.</summary>
/// <param name="Verdict">In one word.</param>
/// <param name="Reasons">Sentences with numbers, the most telling first; never empty.</param>
public sealed record VerdictDecision(Verdict Verdict, IReadOnlyList<string> Reasons);
