using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Replay;

/// <summary>How a call was answered: with a result, or with a failure.</summary>
internal readonly record struct CallOutcome(int TaskId, string? Result, Failure? Failure);
