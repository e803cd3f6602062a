namespace CaptureFlow.Local.Durable.Replay;

/// <summary>
/// Where an orchestrator's continuations run: on the one thread that plays the turn, in the order in which they became ready. A
/// continuation that another thread brings is proof of an await on something that replay cannot repeat.
/// </summary>
internal sealed class TurnScheduler(Action foreignAwait) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile bool _closed;

    /// <summary>Whether the caller is the orchestrator's own code, in its turn.</summary>
    public bool IsCurrent => !_closed && Environment.CurrentManagedThreadId == _thread;

    /// <summary>Whether another thread has tried to continue the orchestrator.</summary>
    public bool SawForeignAwait { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
        {
            _ready.Enqueue((d, state));
            return;
        }

        SawForeignAwait = true;
        foreignAwait();
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!IsCurrent)
        {
            throw new IllegalAwaitException();
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs <paramref name="step"/>, and then everything that became ready by it.</summary>
    public void Run(Action step)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        try
        {
            step();
            while (_ready.TryDequeue(out var item))
            {
                item.Callback(item.State);
            }
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    /// <summary>Ends the turn: from here on every call to the context is refused.</summary>
    public void Close() => _closed = true;
}
