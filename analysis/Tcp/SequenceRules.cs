namespace CaptureFlow.Analysis;

/// <summary>
/// What a segment is in its sequence. The rules are those that Wireshark 4.0 documents and shows as <c>tcp.analysis</c> (its "TCP Analysis" chapter), so
/// that a number in the card is the number that a filter there finds; tests hold the two against each other.
/// </summary>
internal static class SequenceRules
{
    private const long FastWithin = 20_000_000;
    private const long OutOfOrderWithin = 3_000_000;
    private const TcpFlags Control = TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Reset;

    /// <summary>Judges a segment and moves both sides on.</summary>
    /// <param name="p">The segment.</param>
    /// <param name="from">The end that sent it.</param>
    /// <param name="to">The other end.</param>
    /// <param name="handshakeRtt">Nanoseconds; 0 when it is not known.</param>
    /// <param name="before">What is known of it already.</param>
    public static TcpMarks Judge(Packet p, TcpSide from, TcpSide to, long handshakeRtt, TcpMarks before)
    {
        if (!from.HasBase)
        {
            from.Base = p.Has(TcpFlags.Syn) ? p.Sequence : p.Sequence - 1;
            from.HasBase = true;
        }

        if (!to.HasBase && p.Has(TcpFlags.Ack))
        {
            to.Base = p.Acknowledgment - 1;
            to.HasBase = true;
        }

        var marks = before | OfWindow(p, from, to);
        if (p.Acknowledgment != from.LastAck)
        {
            from.DuplicateAcks = 0;
        }

        if (to.MaxToBeAcknowledged != 0 && p.Has(TcpFlags.Ack) && TcpSequence.IsAfter(p.Acknowledgment, to.MaxToBeAcknowledged))
        {
            marks |= TcpMarks.AckedLostSegment;
            to.MaxToBeAcknowledged = p.Acknowledgment;
        }

        if ((p.PayloadLength > 0 || p.Has(TcpFlags.Syn | TcpFlags.Fin)) && (marks & TcpMarks.KeepAlive) == 0)
        {
            marks |= OfRepetition(p, from, to, handshakeRtt);
        }

        MoveOn(p, from, marks);
        return marks;
    }

    private static TcpMarks OfWindow(Packet p, TcpSide from, TcpSide to)
    {
        var plain = (p.Flags & Control) == 0;
        if (p.PayloadLength == 1 && p.Sequence == from.Next && to.Window == 0)
        {
            return TcpMarks.ZeroWindowProbe;
        }

        var marks = p.Window == 0 && plain ? TcpMarks.ZeroWindow : TcpMarks.None;
        if (from.Next != 0 && TcpSequence.IsAfter(p.Sequence, from.Next) && !p.Has(TcpFlags.Reset))
        {
            marks |= TcpMarks.LostSegment;
        }

        if (p.PayloadLength <= 1 && p.Sequence == from.Next - 1 && plain)
        {
            marks |= TcpMarks.KeepAlive;
        }

        if (p.PayloadLength > 0 && plain && to.Scale != TcpSide.UnknownScale
            && p.Sequence + (uint)p.PayloadLength == to.LastAck + ((uint)Math.Max(0, to.Window) << Math.Max(0, to.Scale)))
        {
            marks |= TcpMarks.WindowFull;
        }

        return p.PayloadLength == 0 && plain && p.Sequence == from.Next ? marks | OfPureAck(p, from, to) : marks;
    }

    private static TcpMarks OfPureAck(Packet p, TcpSide from, TcpSide to)
    {
        var same = p.Acknowledgment == from.LastAck;
        if (p.Window != 0 && p.Window != from.Window)
        {
            return same ? TcpMarks.WindowUpdate : TcpMarks.None;
        }

        if (p.Window == 0)
        {
            var answersProbe = from.Window == 0 && (same || p.Acknowledgment == from.LastAck + 1) && (to.LastMarks & TcpMarks.ZeroWindowProbe) != 0;
            if (answersProbe && !same)
            {
                (to.Next, to.MaxToBeAcknowledged) = (p.Acknowledgment, p.Acknowledgment);
            }

            return answersProbe ? TcpMarks.ZeroWindowProbeAck : TcpMarks.None;
        }

        if (!same)
        {
            return TcpMarks.None;
        }

        if ((to.LastMarks & TcpMarks.KeepAlive) != 0)
        {
            return TcpMarks.KeepAliveAck;
        }

        from.DuplicateAcks++;
        return TcpMarks.DuplicateAck;
    }

    private static TcpMarks OfRepetition(Packet p, TcpSide from, TcpSide to, long handshakeRtt)
    {
        var end = p.Sequence + (uint)p.PayloadLength;

        // More than one byte from one before the next expected: data behind a zero window probe.
        var repeats = from.Next != 0 && TcpSequence.IsBefore(p.Sequence, from.Next) && !(p.PayloadLength > 1 && from.Next - 1 == p.Sequence);
        if (p.PayloadLength > 0 && to.LastAck != 0 && !TcpSequence.IsAfter(end, to.LastAck))
        {
            return TcpMarks.SpuriousRetransmission;
        }

        if (!repeats)
        {
            return TcpMarks.None;
        }

        if (to.DuplicateAcks >= 2 && to.LastAck == p.Sequence && p.Time - to.LastAckTime < FastWithin)
        {
            return TcpMarks.FastRetransmission;
        }

        return p.Time - from.NextTime < (handshakeRtt > 0 ? handshakeRtt : OutOfOrderWithin) && from.Next != end + (p.Has(TcpFlags.Syn | TcpFlags.Fin) ? 1u : 0u)
            ? TcpMarks.OutOfOrder
            : TcpMarks.Retransmission;
    }

    private static void MoveOn(Packet p, TcpSide from, TcpMarks marks)
    {
        var next = p.Sequence + (uint)p.PayloadLength;
        if (p.Has(TcpFlags.Syn | TcpFlags.Fin))
        {
            next++;
        }

        if (next != p.Sequence)
        {
            from.Sent(p.Sequence, next, p.Time);
        }

        var probe = (marks & TcpMarks.ZeroWindowProbe) != 0;
        if (!probe && (from.Next == 0 || TcpSequence.IsAfter(next, from.Next)))
        {
            (from.Next, from.NextTime) = (next, p.Time);
        }

        if (!probe && (from.MaxToBeAcknowledged == 0 || p.Sequence == from.MaxToBeAcknowledged))
        {
            from.MaxToBeAcknowledged = from.Next;
        }

        from.Window = p.Window;
        from.LastAck = p.Acknowledgment;
        from.LastAckTime = p.Time;
        from.LastMarks = marks;
    }
}
