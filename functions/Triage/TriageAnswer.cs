using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Triage;

/// <summary>A card, or why there is none.</summary>
/// <param name="Card">The bytes as they are stored; null when there is none.</param>
/// <param name="Why">Set when there is none.</param>
/// <param name="Status">The HTTP status that says the same.</param>
internal sealed record TriageAnswer(byte[]? Card, CaptureFault? Why, int Status);
