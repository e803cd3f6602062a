namespace CaptureFlow.Analysis;

/// <summary>A finding of the same kind and subject in both captures that is much more frequent in one of them.</summary>
/// <param name="A">In the first.</param>
/// <param name="B">In the second.</param>
/// <param name="Factor">How many times as often for each packet in the second as in the first; below 1 when it became rarer.</param>
public sealed record FindingChange(Finding A, Finding B, double Factor);
