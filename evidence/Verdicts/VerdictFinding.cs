using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>One rule's say: the best verdict that it leaves possible, and why.</summary>
internal sealed record VerdictFinding(Verdict Verdict, string Reason);
