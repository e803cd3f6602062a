using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>What a turn leads to, to be kept in one transaction.</summary>
internal sealed record TurnOutcome
{
    public required string Status { get; init; }

    /// <summary>What is appended to history: the turn's messages, and the calls that the orchestrator made.</summary>
    public required IReadOnlyList<HistoryEvent> NewEvents { get; init; }

    public string? Output { get; init; }

    public Failure? Failure { get; init; }

    public string? CustomStatus { get; init; }

    /// <summary>Timers that the orchestrator no longer waits for.</summary>
    public IReadOnlyCollection<int> CancelledTimers { get; init; } = [];

    /// <summary>Set when the orchestrator starts over.</summary>
    public NextExecution? Next { get; init; }
}
