using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>What a turn starts from: the instance, all that happened to it, and the messages that are due.</summary>
internal sealed record TurnInput(InstanceRow Instance, List<HistoryEvent> History, List<QueuedMessage> Messages);
