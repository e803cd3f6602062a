using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>A message that is due. <paramref name="ExecutionId"/> is null when any execution may have it.</summary>
internal sealed record QueuedMessage(long Id, string? ExecutionId, HistoryEvent Event);
