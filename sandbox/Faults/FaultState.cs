namespace CaptureFlow.Sandbox.Faults;

/// <summary>A rule and how often it matched and was played.</summary>
internal sealed record FaultState(FaultRule Rule, int Seen, int Hits);
