namespace CaptureFlow.Analysis;

/// <summary>
/// Puts the segments of one direction in order. What is missing is waited for within bounds: until the receiver acknowledges what is behind it (then the
/// capture lost it), or more waits than may. Then it is handed on as lost, with its length.
/// </summary>
internal sealed class StreamAssembler(StreamBudget budget, IByteSink sink, uint start)
{
    private const int MostPieces = 64;
    private const int MostBytes = 256 * 1024;

    private readonly List<Piece> _waiting = [];
    private int _waitingBytes;
    private bool _dropped;
    private uint _next = start;

    /// <summary>Bytes that were missing.</summary>
    public long Missing { get; private set; }

    public void Add(Packet p)
    {
        var sequence = p.Has(TcpFlags.Syn) ? p.Sequence + 1 : p.Sequence;
        if (TcpSequence.IsAfter(sequence, _next))
        {
            Keep(new(sequence, p.Payload.ToArray(), p.PayloadLength, Moment.Of(p)));
            return;
        }

        Deliver(sequence, p.Payload.Span, p.PayloadLength, Moment.Of(p));
        DeliverWaiting();
    }

    /// <summary>The receiver has everything up to here: what is missing before will not come any more.</summary>
    public void Acknowledged(uint acknowledgment)
    {
        while (_waiting.Count > 0 && TcpSequence.IsAfter(acknowledgment, _waiting[0].Sequence))
        {
            GiveUpGap();
        }
    }

    /// <summary>Nothing comes any more: hands on what waits, and gives back the room.</summary>
    public void End()
    {
        while (_waiting.Count > 0)
        {
            GiveUpGap();
        }
    }

    /// <summary>Forgets what waits: nobody reads on.</summary>
    public void Drop()
    {
        budget.Return(_waitingBytes);
        _waitingBytes = 0;
        _waiting.Clear();
        _dropped = true;
    }

    private void Keep(Piece piece)
    {
        while (_waiting.Count > 0 && (_waiting.Count >= MostPieces || _waitingBytes + piece.Data.Length > MostBytes))
        {
            GiveUpGap();
        }

        if (_dropped)
        {
            return;
        }

        if (!TcpSequence.IsAfter(piece.Sequence, _next))
        {
            Deliver(piece.Sequence, piece.Data, piece.Length, piece.At);
            DeliverWaiting();
            return;
        }

        if (!budget.TryTake(piece.Data.Length))
        {
            // Its length is known all the same: where it was is a gap.
            piece = piece with { Data = [] };
        }

        var at = _waiting.Count;
        while (at > 0 && TcpSequence.IsAfter(_waiting[at - 1].Sequence, piece.Sequence))
        {
            at--;
        }

        _waiting.Insert(at, piece);
        _waitingBytes += piece.Data.Length;
    }

    private void GiveUpGap()
    {
        var first = _waiting[0];
        if (TcpSequence.IsAfter(first.Sequence, _next))
        {
            Lose(first.Sequence - _next, first.At);
            _next = first.Sequence;
        }

        DeliverWaiting();
    }

    private void DeliverWaiting()
    {
        while (_waiting.Count > 0 && !TcpSequence.IsAfter(_waiting[0].Sequence, _next))
        {
            var piece = _waiting[0];
            _waiting.RemoveAt(0);
            _waitingBytes -= piece.Data.Length;
            budget.Return(piece.Data.Length);
            Deliver(piece.Sequence, piece.Data, piece.Length, piece.At);
        }
    }

    private void Deliver(uint sequence, ReadOnlySpan<byte> data, int length, Moment at)
    {
        var known = (int)Math.Min(_next - sequence, (uint)length);
        _next += (uint)(length - known);
        if (known < data.Length)
        {
            sink.Take(data[known..], known == 0, at);
        }

        var cut = length - Math.Max(known, data.Length);
        if (cut > 0)
        {
            Lose(cut, at);
        }
    }

    private void Lose(long length, Moment at)
    {
        Missing += length;
        sink.Lost(length, at);
    }

    private readonly record struct Piece(uint Sequence, byte[] Data, int Length, Moment At);
}
