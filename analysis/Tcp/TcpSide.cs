namespace CaptureFlow.Analysis;

/// <summary>What one end of a connection has sent so far.</summary>
internal sealed class TcpSide
{
    /// <summary>What the window field's factor is before a SYN told it, and when a SYN told that there is none.</summary>
    public const int UnknownScale = -1;
    public const int NoScale = -2;

    /// <summary>Segments whose acknowledgment is waited for; where more are under way, the oldest are measured.</summary>
    private const int MostUnacknowledged = 64;

    private (uint Start, uint Next, long Time)[]? _unacknowledged;
    private int _waiting;

    public bool HasBase { get; set; }

    public uint Base { get; set; }

    public uint Next { get; set; }

    public long NextTime { get; set; }

    public uint MaxToBeAcknowledged { get; set; }

    public uint LastAck { get; set; }

    public long LastAckTime { get; set; }

    public int Window { get; set; } = UnknownScale;

    public int Scale { get; set; } = UnknownScale;

    public int DuplicateAcks { get; set; }

    public TcpMarks LastMarks { get; set; }

    public long Packets { get; set; }

    /// <summary>Bytes on the wire, link headers included, as tshark's conversations count.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes behind the TCP headers.</summary>
    public long PayloadBytes { get; set; }

    /// <summary>Segments that may be sent again: with data, SYN or FIN.</summary>
    public long Segments { get; set; }

    public long FinPacket { get; set; }

    /// <summary>Time since a window of zero was announced that is still closed; 0 when it is open.</summary>
    public long ZeroSince { get; set; }

    public long LongestZero { get; set; }

    /// <summary>From a segment to its acknowledgment, as seen here: what the other end, and the way to it and back, took.</summary>
    public RoundTrips Rtt;

    public void Sent(uint start, uint next, long time)
    {
        _unacknowledged ??= new (uint, uint, long)[4];
        if (_waiting == _unacknowledged.Length && _waiting < MostUnacknowledged)
        {
            Array.Resize(ref _unacknowledged, _waiting * 2);
        }

        if (_waiting < _unacknowledged.Length)
        {
            _unacknowledged[_waiting++] = (start, next, time);
        }
    }

    /// <summary>Takes out what an acknowledgment covers.</summary>
    /// <returns>The time since the segment that it is exactly for; null when it is for none.</returns>
    public long? Acknowledged(uint ack, long time)
    {
        long? since = null;
        var kept = 0;
        for (var i = 0; i < _waiting; i++)
        {
            var segment = _unacknowledged![i];
            if (segment.Next == ack)
            {
                // Of a segment that was sent twice, the later is taken, as Wireshark does: it walks from the last to the first.
                since ??= time - segment.Time;
            }
            else if (TcpSequence.IsAfter(segment.Next, ack))
            {
                _unacknowledged[kept++] = segment;
            }
        }

        _waiting = kept;
        return since;
    }
}
