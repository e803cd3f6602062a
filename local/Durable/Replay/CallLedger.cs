using CaptureFlow.Local.Durable.History;
using DurableTask.Core.Exceptions;

namespace CaptureFlow.Local.Durable.Replay;

/// <summary>
/// The calls of one execution: numbered as they are made, checked against history on replay, open until they are answered.
/// </summary>
internal sealed class CallLedger
{
    private readonly SortedDictionary<int, CallEvent> _unrecorded = [];
    private readonly Dictionary<int, TaskCompletionSource<CallOutcome>> _open = [];
    private readonly Dictionary<int, CallEvent> _recorded = [];
    private int _next;

    /// <summary>Calls that history does not have: after replay, those that this turn made.</summary>
    public IReadOnlyCollection<CallEvent> Unrecorded => _unrecorded.Values;

    /// <summary>Whether the orchestrator made a call that is not answered. While it has, its instance is not over.</summary>
    public bool HasOpenCalls => _open.Count > 0;

    /// <summary>Timers that the orchestrator gave up in this turn.</summary>
    public HashSet<int> CancelledTimers { get; } = [];

    /// <summary>Makes a call that is answered later.</summary>
    public Task<CallOutcome> Call(Func<int, CallEvent> make, CancellationToken cancellation = default)
    {
        var id = _next++;
        _unrecorded.Add(id, make(id));
        var answer = new TaskCompletionSource<CallOutcome>();
        _open.Add(id, answer);
        if (cancellation.CanBeCanceled)
        {
            cancellation.Register(() => GiveUp(id, cancellation));
        }

        return answer.Task;
    }

    /// <summary>Makes a call that has no answer.</summary>
    public void Send(Func<int, CallEvent> make)
    {
        var id = _next++;
        _unrecorded.Add(id, make(id));
    }

    /// <summary>Finds in the code the call that history has.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The code made another call, or none, at that place.</exception>
    public void Match(CallEvent recorded)
    {
        if (!_unrecorded.Remove(recorded.Id, out var made))
        {
            throw new NonDeterministicOrchestrationException(
                recorded.Id, $"history has {recorded.Describe()}, and the code now makes no call #{recorded.Id} by then.");
        }

        if (!recorded.IsSameCall(made))
        {
            throw new NonDeterministicOrchestrationException(
                recorded.Id, $"history has {recorded.Describe()}, and the code now makes {made.Describe()}.");
        }

        _recorded[recorded.Id] = recorded;
    }

    /// <summary>Checks that a recorded turn made no more calls than history has.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The code made one more.</exception>
    public void RefuseUnrecorded()
    {
        foreach (var made in _unrecorded.Values)
        {
            throw new NonDeterministicOrchestrationException(
                made.Id, $"the code now makes {made.Describe()}, where history has no call.");
        }
    }

    /// <summary>Gives a call its answer. An answer to a call that was given up is dropped.</summary>
    public void Answer(int id, string? result, Failure? failure)
    {
        if (_open.Remove(id, out var answer))
        {
            answer.TrySetResult(new CallOutcome(id, result, failure));
        }
        else if (!_recorded.ContainsKey(id))
        {
            throw new NonDeterministicOrchestrationException(id, $"history has an answer to call #{id}, which the code now does not make.");
        }
    }

    private void GiveUp(int id, CancellationToken cancellation)
    {
        if (_open.Remove(id, out var answer))
        {
            CancelledTimers.Add(id);
            answer.TrySetCanceled(cancellation);
        }
    }
}
