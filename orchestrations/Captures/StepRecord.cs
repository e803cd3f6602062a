namespace CaptureFlow.Orchestrations;

/// <summary>One step of a capture, with its times by the orchestration's clock.</summary>
/// <param name="Step">A name of <see cref="CaptureSteps"/>.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="EndedAt">UTC; null while it runs.</param>
/// <param name="Fault">The code of the first fault; null when it succeeded.</param>
public sealed record StepRecord(string Step, DateTimeOffset StartedAt, DateTimeOffset? EndedAt = null, string? Fault = null);
