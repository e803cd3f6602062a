namespace CaptureFlow.Analysis;

/// <summary>What to say of a connection that is over, or of which there is no more.</summary>
internal sealed class TcpConclusions(FindingBook book, TopConversations top)
{
    private const long Second = 1_000_000_000;
    private const long SlowHandshake = Second / 2;
    private const long SlowAck = Second / 2;
    private const long LongHalfClosed = 5 * Second;
    private const int FewKeepAlives = 3;

    /// <summary>For tests: each connection with all its counts.</summary>
    public Action<TcpConversation>? Observer { get; set; }

    public RoundTrips Handshakes;

    public long Refused { get; private set; }

    public long Unanswered { get; private set; }

    public long Resets { get; private set; }

    public long Retransmissions { get; private set; }

    public long Segments { get; private set; }

    public void Add(TcpConversation c, long endTime)
    {
        StreamAnalysis.End(c, endTime);
        Observer?.Invoke(c);
        top.Offer(c);
        var subject = new Lazy<string>(() => c.Subject);
        AddHandshake(c, subject, endTime);
        AddEnding(c, subject, endTime);
        AddLoss(c, subject);
        AddWindows(c, subject, endTime);
        AddTimes(c, subject);
    }

    private void AddHandshake(TcpConversation c, Lazy<string> subject, long endTime)
    {
        if (c.SynAckRtt is { } rtt)
        {
            Handshakes.Add(rtt, c.FirstPacket);

            // From the first SYN: with retries, that is what the caller waited.
            var waited = c.Syns.Count > 1 ? c.SynTime + rtt - c.Syns.FirstTime : rtt;
            if (waited >= SlowHandshake)
            {
                var slow = book.Note(TcpFindings.SlowHandshake, subject.Value, new Moment(c.Syns.Packets[0], c.Syns.FirstTime));
                slow.Largest = Math.Max(slow.Largest, waited);
            }
        }

        if (c.Reset is { AnswersSyn: true })
        {
            Refused++;
            book.Note(TcpFindings.Refused, subject.Value, new Moment(c.Resets.Packets[0], c.Resets.FirstTime));
        }
        else if (c is { SawSyn: true, SawSynAck: false, Reset: null } && c.Server.Packets == 0 && (c.Syns.Count > 1 || endTime - c.Syns.FirstTime >= Second))
        {
            Unanswered++;
            var unanswered = book.Note(TcpFindings.Unanswered, subject.Value, c.Syns);
            unanswered.Connections++;
            unanswered.Of += c.Syns.Count;
        }
        else if (c.OneDirection && c.Packets > 1)
        {
            book.Note(TcpFindings.OneDirection, subject.Value, new Moment(c.FirstPacket, c.FirstTime));
        }
    }

    private void AddEnding(TcpConversation c, Lazy<string> subject, long endTime)
    {
        if (c.Reset is { AnswersSyn: false } reset)
        {
            Resets++;
            var byClient = reset.FromA == c.ClientIsA;
            var kind = reset.AfterFin ? TcpFindings.ResetAfterFin
                : reset.IdleBefore >= TcpConversation.Idle ? TcpFindings.IdleReset
                : byClient ? TcpFindings.ResetByClient
                : TcpFindings.ResetByServer;
            var group = book.Note(
                kind, subject.Value, new Moment(c.Resets.Packets[0], c.Resets.FirstTime),
                $", the first after {Words.Bytes(reset.ClientBytes)} from the client and {Words.Bytes(reset.ServerBytes)} from the server");
            group.Largest = Math.Max(group.Largest, reset.IdleBefore);
        }
        else if (c.Reset is null && (c.A.FinPacket > 0) != (c.B.FinPacket > 0) && !c.OneDirection && endTime - c.LastTime >= LongHalfClosed)
        {
            book.Note(TcpFindings.HalfClosed, subject.Value, new Moment(Math.Max(c.A.FinPacket, c.B.FinPacket), c.LastTime));
        }
    }

    private void AddLoss(TcpConversation c, Lazy<string> subject)
    {
        Segments += c.A.Segments + c.B.Segments;
        var again = c.Count(TcpMarks.Retransmission) + c.Count(TcpMarks.FastRetransmission);
        Retransmissions += again;

        // The SYNs of a connection that nobody answers are told of with it.
        if (again > 0 && !(c.SawSyn && !c.SawSynAck && c.Server.Packets == 0))
        {
            var seen = c[TcpMarks.Retransmission];
            seen.Add(c[TcpMarks.FastRetransmission]);
            Note(TcpFindings.Retransmissions, subject, seen).Of += c.A.Segments + c.B.Segments;
        }

        NoteAll(TcpFindings.SpuriousRetransmissions, TcpMarks.SpuriousRetransmission, c, subject);
        NoteAll(TcpFindings.OutOfOrder, TcpMarks.OutOfOrder, c, subject);
        NoteAll(TcpFindings.DuplicateAcks, TcpMarks.DuplicateAck, c, subject);
        if (c.Count(TcpMarks.LostSegment) + c.Count(TcpMarks.AckedLostSegment) > 0 && !c.OneDirection)
        {
            var seen = c[TcpMarks.LostSegment];
            seen.Add(c[TcpMarks.AckedLostSegment]);
            Note(TcpFindings.LostSegments, subject, seen);
        }
    }

    private void AddWindows(TcpConversation c, Lazy<string> subject, long endTime)
    {
        NoteAll(TcpFindings.WindowFull, TcpMarks.WindowFull, c, subject);
        if (c.Count(TcpMarks.ZeroWindow) > 0)
        {
            var group = Note(TcpFindings.ZeroWindows, subject, c[TcpMarks.ZeroWindow]);
            var ofA = Closed(c.A, endTime);
            var ofB = Closed(c.B, endTime);
            group.Largest = Math.Max(group.Largest, Math.Max(ofA, ofB));
            group.Detail ??= (ofA >= ofB ? c.Key.A : c.Key.B).ToString();
        }

        if (c.Count(TcpMarks.KeepAlive) >= FewKeepAlives && c.Count(TcpMarks.KeepAliveAck) == 0)
        {
            NoteAll(TcpFindings.KeepAlives, TcpMarks.KeepAlive, c, subject);
        }
    }

    private static long Closed(TcpSide side, long endTime) => Math.Max(side.LongestZero, side.ZeroSince == 0 ? 0 : endTime - side.ZeroSince);

    private void AddTimes(TcpConversation c, Lazy<string> subject)
    {
        var slowest = c.A.Rtt.Largest >= c.B.Rtt.Largest ? c.A.Rtt : c.B.Rtt;
        if (slowest.Largest >= SlowAck)
        {
            var group = book.Note(TcpFindings.SlowAcks, subject.Value, new Moment(slowest.LargestPacket, c.LastTime));
            group.Largest = Math.Max(group.Largest, slowest.Largest);
            group.Times.Add(slowest);
        }
    }

    private void NoteAll(FindingKind kind, TcpMarks mark, TcpConversation c, Lazy<string> subject)
    {
        if (c.Count(mark) > 0)
        {
            Note(kind, subject, c[mark]);
        }
    }

    private FindingGroup Note(FindingKind kind, Lazy<string> subject, in Occurrences seen)
    {
        var group = book.Note(kind, subject.Value, seen);
        group.Connections++;
        return group;
    }
}
