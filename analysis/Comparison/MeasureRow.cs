namespace CaptureFlow.Analysis;

/// <summary>One number of both captures.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="Unit"><c>ms</c>, <c>%</c>, or null for a count.</param>
/// <param name="A">Of the first capture; null when it cannot be measured there.</param>
/// <param name="B">Of the second.</param>
public sealed record MeasureRow(string Name, string? Unit, double? A, double? B);
