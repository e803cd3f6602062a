using System.Threading.Channels;

namespace CaptureFlow.Local.Durable.Dispatch;

/// <summary>
/// Instances that have something to do. Each is in work at most once at a time; one that is called for while in work is worked on
/// again after.
/// </summary>
internal sealed class ReadyInstances
{
    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>();
    private readonly Dictionary<string, bool> _known = [];
    private readonly Lock _lock = new();

    public void Signal(string instanceId)
    {
        lock (_lock)
        {
            // The value says that somebody called for it since its work began; a new entry is on its way to a worker already.
            if (!_known.TryAdd(instanceId, false))
            {
                _known[instanceId] = true;
                return;
            }
        }

        _queue.Writer.TryWrite(instanceId);
    }

    public ValueTask<string> TakeAsync(CancellationToken cancellation) => _queue.Reader.ReadAsync(cancellation);

    /// <summary>What is signalled from here on is news to the worker that took the instance.</summary>
    public void Begin(string instanceId)
    {
        lock (_lock)
        {
            _known[instanceId] = false;
        }
    }

    public void Done(string instanceId)
    {
        lock (_lock)
        {
            if (!_known[instanceId])
            {
                _known.Remove(instanceId);
                return;
            }

            _known[instanceId] = false;
        }

        _queue.Writer.TryWrite(instanceId);
    }
}
