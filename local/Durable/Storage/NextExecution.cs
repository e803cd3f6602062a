using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>How an instance starts over: its new input, and the events that the execution before did not read.</summary>
internal sealed record NextExecution(string? Input, string? Version, IReadOnlyList<EventRaised> CarriedOver);
