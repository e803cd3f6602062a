using CaptureFlow.Local.Durable;
using CaptureFlow.Local.Durable.History;
using CaptureFlow.Local.Durable.Replay;
using CaptureFlow.Local.Durable.Storage;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Local.Tests.Durable;

/// <summary>Plays an orchestrator turn by turn, with no file and no clock.</summary>
internal sealed class TurnScript
{
    private static readonly DateTime Start = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public List<HistoryEvent> History { get; } = [];

    public int ForeignAwaits { get; private set; }

    public TurnOutcome First(OrchestratorBody body) => Next(body, new ExecutionStarted("Test", null, null, string.Empty));

    /// <summary>Plays the next turn with these messages, and keeps what it leads to.</summary>
    public TurnOutcome Next(OrchestratorBody body, params HistoryEvent[] messages)
    {
        var outcome = Try(body, messages);
        History.AddRange(outcome.NewEvents);
        return outcome;
    }

    /// <summary>Plays the next turn and forgets it.</summary>
    public TurnOutcome Try(OrchestratorBody body, params HistoryEvent[] messages)
    {
        var row = new InstanceRow(
            "i1", "e1", "Test", string.Empty, InstanceStatus.Running, 0, null, null, null, null, null, null, Start, Start, Start);
        var input = new TurnInput(row, [.. History], [.. messages.Select((item, i) => new QueuedMessage(i, "e1", item))]);
        var now = Start.AddMinutes(History.OfType<TurnStarted>().Count());
        return OrchestrationTurn.Play(
            input, body, JsonDataConverter.Default, NullLoggerFactory.Instance, now, () => ForeignAwaits++);
    }
}
