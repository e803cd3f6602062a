using System.Text.Json.Serialization;

namespace CaptureFlow.Local.Durable.History;

/// <summary>
/// One line of an instance's history. Replaying all of them, in order, brings the orchestrator to where it was. The names in the
/// file are part of its format: instances that are under way must be readable by the next version.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(TurnStarted), nameof(TurnStarted))]
[JsonDerivedType(typeof(ExecutionStarted), nameof(ExecutionStarted))]
[JsonDerivedType(typeof(TaskScheduled), nameof(TaskScheduled))]
[JsonDerivedType(typeof(TaskCompleted), nameof(TaskCompleted))]
[JsonDerivedType(typeof(TaskFailed), nameof(TaskFailed))]
[JsonDerivedType(typeof(TimerCreated), nameof(TimerCreated))]
[JsonDerivedType(typeof(TimerFired), nameof(TimerFired))]
[JsonDerivedType(typeof(SubOrchestrationCreated), nameof(SubOrchestrationCreated))]
[JsonDerivedType(typeof(EventSent), nameof(EventSent))]
[JsonDerivedType(typeof(EventRaised), nameof(EventRaised))]
[JsonDerivedType(typeof(ExecutionSuspended), nameof(ExecutionSuspended))]
[JsonDerivedType(typeof(ExecutionResumed), nameof(ExecutionResumed))]
[JsonDerivedType(typeof(ExecutionTerminated), nameof(ExecutionTerminated))]
[JsonDerivedType(typeof(ExecutionCompleted), nameof(ExecutionCompleted))]
internal abstract record HistoryEvent;

/// <summary>The orchestrator's code was given what follows. <paramref name="At"/> is its clock until the next turn.</summary>
internal sealed record TurnStarted(DateTime At) : HistoryEvent;

internal sealed record ExecutionStarted(string Name, string? Input, ParentCall? Parent, string Version) : HistoryEvent;

internal sealed record TaskCompleted(int TaskId, string? Result) : HistoryEvent;

internal sealed record TaskFailed(int TaskId, Failure Failure) : HistoryEvent;

internal sealed record TimerFired(int TimerId, DateTime FireAt) : HistoryEvent;

internal sealed record EventRaised(string Name, string? Input) : HistoryEvent;

internal sealed record ExecutionSuspended(string? Reason) : HistoryEvent;

internal sealed record ExecutionResumed(string? Reason) : HistoryEvent;

internal sealed record ExecutionTerminated(string? Output) : HistoryEvent;

internal sealed record ExecutionCompleted(string Status, string? Output, Failure? Failure) : HistoryEvent;
