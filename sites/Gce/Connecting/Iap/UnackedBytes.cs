namespace CaptureFlow.Sites.Gce;

/// <summary>What was sent and not yet acknowledged, as whole frames: it is sent again when the relay's socket breaks. Bounded: who adds waits.</summary>
internal sealed class UnackedBytes
{
    private const int Most = 1 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<(ulong End, byte[] Frame)> _frames = [];
    private TaskCompletionSource _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _sent;
    private ulong _acked;

    public void Add(byte[] frame)
    {
        lock (_gate)
        {
            _sent += (ulong)(frame.Length - IapFrames.DataHeader);
            _frames.Enqueue((_sent, frame));
        }
    }

    /// <summary>Until there is room for more.</summary>
    public async Task WaitRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_sent - _acked < Most)
                {
                    return;
                }

                room = _room.Task;
            }

            await room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The other side has so many bytes in all.</summary>
    /// <exception cref="InvalidDataException">It claims more than was sent, or less than it has said before.</exception>
    public void Acknowledge(ulong total)
    {
        lock (_gate)
        {
            if (total > _sent || total < _acked)
            {
                throw new InvalidDataException($"acknowledged {total} of {_sent} bytes, after {_acked}");
            }

            _acked = total;
            while (_frames.TryPeek(out var first) && first.End <= total)
            {
                _frames.Dequeue();
            }

            _room.TrySetResult();
            _room = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The frames to send again, the first of them cut to what is still missing.</summary>
    public IReadOnlyList<byte[]> Missing()
    {
        lock (_gate)
        {
            return [.. _frames.Select(f => Cut(f.Frame, f.End))];
        }
    }

    private byte[] Cut(byte[] frame, ulong end)
    {
        var length = frame.Length - IapFrames.DataHeader;
        var start = end - (ulong)length;
        if (start >= _acked)
        {
            return frame;
        }

        var rest = (int)(end - _acked);
        var cut = new byte[IapFrames.DataHeader + rest];
        IapFrames.WriteDataHeader(cut, rest);
        frame.AsSpan(frame.Length - rest).CopyTo(cut.AsSpan(IapFrames.DataHeader));
        return cut;
    }
}
