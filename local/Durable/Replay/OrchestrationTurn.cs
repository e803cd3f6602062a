using System.Diagnostics.CodeAnalysis;
using CaptureFlow.Local.Durable.History;
using CaptureFlow.Local.Durable.Storage;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Durable.Replay;

/// <summary>
/// One turn of an instance: its orchestrator is played from the start over its history and the messages that are due, and the calls that
/// it then makes are what the turn leads to. A turn changes nothing by itself; it can be played twice.
/// </summary>
internal sealed class OrchestrationTurn
{
    private readonly TurnInput _input;
    private readonly OrchestratorBody _body;
    private readonly DataConverter _converter;
    private readonly TurnScheduler _scheduler;
    private readonly ReplayContext _context;
    private readonly Queue<HistoryEvent> _heldBack = new();
    private readonly List<HistoryEvent> _newEvents = [];
    private Task<object?>? _run;
    private bool _suspended;

    private OrchestrationTurn(
        TurnInput input, OrchestratorBody body, DataConverter converter, ILoggerFactory loggers, Action foreignAwait)
    {
        _input = input;
        _body = body;
        _converter = converter;
        _scheduler = new TurnScheduler(foreignAwait);
        _context = new ReplayContext(input.Instance, _scheduler, converter, loggers);
    }

    /// <summary>Plays the turn on the calling thread.</summary>
    /// <param name="input">The instance, its history and its messages.</param>
    /// <param name="body">The orchestrator.</param>
    /// <param name="converter">What reads inputs and writes outputs.</param>
    /// <param name="loggers">Where the orchestrator's replay-safe loggers write.</param>
    /// <param name="now">The turn's instant.</param>
    /// <param name="foreignAwait">Told when a task that is not durable tries to continue the orchestrator, even after the turn.</param>
    public static TurnOutcome Play(
        TurnInput input, OrchestratorBody body, DataConverter converter, ILoggerFactory loggers, DateTime now, Action foreignAwait)
    {
        var turn = new OrchestrationTurn(input, body, converter, loggers, foreignAwait);
        try
        {
            return turn.Play(now);
        }
        finally
        {
            turn._scheduler.Close();
        }
    }

    private TurnOutcome Play(DateTime now)
    {
        var latest = _input.History.OfType<TurnStarted>().LastOrDefault()?.At ?? DateTime.MinValue;
        _newEvents.Add(new TurnStarted(now > latest ? now : latest));
        _newEvents.AddRange(_input.Messages
            .Where(message => message.ExecutionId is null || message.ExecutionId == _input.Instance.ExecutionId)
            .Select(message => message.Event));
        if (_newEvents.OfType<ExecutionTerminated>().FirstOrDefault() is { } terminated)
        {
            // No code runs, not even a finally: as in Durable Task.
            return End(InstanceStatus.Terminated, terminated.Output) with { CustomStatus = _input.Instance.CustomStatus };
        }

        return Conclude();
    }

    private void Apply(IEnumerable<HistoryEvent> events, bool replaying)
    {
        foreach (var item in events)
        {
            _context.Replaying = replaying;
            _scheduler.Run(() => Apply(item));
        }
    }

    private void Apply(HistoryEvent item)
    {
        switch (item)
        {
            case TurnStarted turn:
                _context.Calls.RefuseUnrecorded();
                _context.Now = turn.At;
                break;
            case CallEvent call:
                _context.Calls.Match(call);
                break;
            case ExecutionSuspended:
                _suspended = true;
                break;
            case ExecutionResumed:
                Resume();
                break;
            default:
                Deliver(item);
                break;
        }
    }

    private void Resume()
    {
        _suspended = false;
        while (_heldBack.TryDequeue(out var item))
        {
            _scheduler.Run(() => Deliver(item));
        }
    }

    private void Deliver(HistoryEvent item)
    {
        if (_suspended)
        {
            _heldBack.Enqueue(item);
            return;
        }

        switch (item)
        {
            case ExecutionStarted started:
                _run = Start(started.Input);
                break;
            case TaskCompleted completed:
                _context.Calls.Answer(completed.TaskId, completed.Result, null);
                break;
            case TaskFailed failed:
                _context.Calls.Answer(failed.TaskId, null, failed.Failure);
                break;
            case TimerFired fired:
                _context.Calls.Answer(fired.TimerId, null, null);
                break;
            case EventRaised raised:
                _context.Events.Raise(raised);
                break;
        }
    }

    // An async wrapper, so that what a body throws before its first await fails the instance like what it throws after.
    private async Task<object?> Start(string? input) => await _body(_context, input);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the orchestrator or its output's serialiser throws fails the instance.")]
    private TurnOutcome Conclude()
    {
        try
        {
            Apply(_input.History, replaying: true);
            Apply(_newEvents, replaying: false);
            return IsOver() ? Finish(_run!.GetAwaiter().GetResult()) : GoOn();
        }
        catch (NonDeterministicOrchestrationException exception)
        {
            // What the changed code asked for is not to be believed, its events included.
            var failed = Fail(exception);
            return failed with { NewEvents = [.. failed.NewEvents.Where(item => item is not EventSent)] };
        }
        catch (Exception exception)
        {
            return Fail(exception);
        }
    }

    /// <summary>Whether the code has ended, and with it the instance.</summary>
    /// <exception cref="IllegalAwaitException">It has not, and nothing that is durable will continue it.</exception>
    private bool IsOver()
    {
        if (_suspended || _run is null)
        {
            return false;
        }

        if (_run.IsCompleted)
        {
            // A call that the code has lost interest in holds the instance: as in Durable Task, it is not over until that is answered.
            return !_context.Calls.HasOpenCalls;
        }

        var waits = _context.Calls.HasOpenCalls || _context.Events.HasWaiters;
        return !waits || _scheduler.SawForeignAwait ? throw new IllegalAwaitException() : false;
    }

    private TurnOutcome Finish(object? output) => _context.StartingOver is { } options
        ? StartOver(options)
        : End(InstanceStatus.Completed, _converter.Serialize(output));

    private TurnOutcome Fail(Exception exception)
        => End(InstanceStatus.Failed, _converter.Serialize(exception.Message), Failure.From(exception));

    private TurnOutcome GoOn() => new()
    {
        Status = _suspended ? InstanceStatus.Suspended : InstanceStatus.Running,
        NewEvents = [.. _newEvents, .. _context.Calls.Unrecorded],
        CustomStatus = _context.CustomStatus,
        CancelledTimers = _context.Calls.CancelledTimers,
    };

    private TurnOutcome StartOver(ContinueAsNewOptions options) => GoOn() with
    {
        Next = new NextExecution(
            _converter.Serialize(options.NewInput),
            options.NewVersion,
            options.PreserveUnprocessedEvents ? _context.Events.Unread : []),
    };

    private TurnOutcome End(string status, string? output, Failure? failure = null) => new()
    {
        Status = status,
        NewEvents = [.. _newEvents, .. _context.Calls.Unrecorded.OfType<EventSent>(), new ExecutionCompleted(status, output, failure)],
        Output = output,
        Failure = failure,
        CustomStatus = _context.CustomStatus,
    };
}
