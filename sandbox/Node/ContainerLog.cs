using System.Net.WebSockets;

namespace CaptureFlow.Sandbox.Node;

/// <summary>
/// What a container wrote to stdout and stderr, in the order of arrival, as a node's log file keeps it: bounded, the oldest half is lost
/// when the bound is reached. Attached clients get each chunk as it comes and slow the container down when they are slow.
/// </summary>
internal sealed class ContainerLog
{
    /// <summary>The kubelet's <c>containerLogMaxSize</c> default.</summary>
    private const int Limit = 10 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<Func<int, ReadOnlyMemory<byte>, ValueTask>> _listeners = [];
    private byte[] _bytes = new byte[4096];
    private int _length;
    private long _dropped;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _closed;

    internal async ValueTask AppendAsync(int channel, ReadOnlyMemory<byte> chunk)
    {
        Func<int, ReadOnlyMemory<byte>, ValueTask>[] listeners;
        TaskCompletionSource changed;
        lock (_gate)
        {
            if (_length + chunk.Length > Limit)
            {
                var kept = _length / 2;
                _bytes.AsSpan(_length - kept, kept).CopyTo(_bytes);
                _dropped += _length - kept;
                _length = kept;
            }

            if (_bytes.Length < _length + chunk.Length)
            {
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + chunk.Length));
            }

            chunk.Span.CopyTo(_bytes.AsSpan(_length));
            _length += chunk.Length;
            listeners = [.. _listeners];
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
        foreach (var listener in listeners)
        {
            try
            {
                await listener(channel, chunk);
            }
            catch (Exception fault) when (fault is IOException or OperationCanceledException or WebSocketException or ObjectDisposedException)
            {
                // The attached client has gone; the container writes on.
            }
        }
    }

    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _changed.TrySetResult();
        }
    }

    /// <summary>Calls back for each later chunk (1 stdout, 2 stderr) until the returned object is disposed.</summary>
    internal IDisposable Listen(Func<int, ReadOnlyMemory<byte>, ValueTask> listener)
    {
        lock (_gate)
        {
            _listeners.Add(listener);
        }

        return new Listening(this, listener);
    }

    /// <summary>The bytes from a position on, the next position, and whether the log is complete.</summary>
    internal (byte[] Bytes, long Next, bool Closed) ReadFrom(long position)
    {
        lock (_gate)
        {
            var start = (int)Math.Clamp(position - _dropped, 0, _length);
            return (_bytes[start.._length], _dropped + _length, _closed);
        }
    }

    /// <summary>The position at which the last so many lines begin.</summary>
    internal long PositionOfTail(long lines)
    {
        lock (_gate)
        {
            var at = _length;
            if (at > 0 && _bytes[at - 1] == '\n')
            {
                at--;
            }

            for (; at > 0; at--)
            {
                if (_bytes[at - 1] == '\n' && --lines <= 0)
                {
                    break;
                }
            }

            return lines < 0 ? _dropped + _length : _dropped + at;
        }
    }

    /// <summary>Completes when something was added after a position, or the log was closed.</summary>
    internal Task ChangedAfterAsync(long position)
    {
        lock (_gate)
        {
            return _closed || _dropped + _length > position ? Task.CompletedTask : _changed.Task;
        }
    }

    private sealed class Listening(ContainerLog log, Func<int, ReadOnlyMemory<byte>, ValueTask> listener) : IDisposable
    {
        public void Dispose()
        {
            lock (log._gate)
            {
                log._listeners.Remove(listener);
            }
        }
    }
}
