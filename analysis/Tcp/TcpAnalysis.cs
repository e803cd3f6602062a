namespace CaptureFlow.Analysis;

/// <summary>Follows every connection of the capture, and tells what became of it.</summary>
internal sealed class TcpAnalysis(AnalysisOptions options, TcpConclusions conclusions, StreamAnalysis streams)
{
    private const int WindowScaleOption = 3;
    private const int LargestScale = 14;

    /// <summary>A reset this soon after a silence answers what ended the silence.</summary>
    private const long ResetSoon = 1_000_000_000;

    private readonly Dictionary<FlowKey, TcpConversation> _conversations = [];
    private TcpConversation? _last;

    public long Count { get; private set; }

    /// <summary>Connections that were concluded before the end of the file, to make room.</summary>
    public long ConcludedEarly { get; private set; }

    public void Look(Packet p)
    {
        var conversation = Find(p, out var fromA);
        var (from, to) = fromA ? (conversation.A, conversation.B) : (conversation.B, conversation.A);
        var before = TcpMarks.None;
        if ((p.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == TcpFlags.Syn && from.HasBase)
        {
            if (p.Sequence != from.Base || IsOver(conversation))
            {
                conversation = Renew(conversation);
                (from, to) = fromA ? (conversation.A, conversation.B) : (conversation.B, conversation.A);
                before = TcpMarks.ReusedPorts;
            }
            else
            {
                // A reset in between may have moved it on.
                from.Next = from.MaxToBeAcknowledged;
            }
        }
        else if ((p.Flags & (TcpFlags.Syn | TcpFlags.Ack)) == (TcpFlags.Syn | TcpFlags.Ack) && from.HasBase && p.Sequence != from.Base)
        {
            before = TcpMarks.ReusedPorts;
        }

        Account(conversation, from, p);
        var marks = SequenceRules.Judge(p, from, to, conversation.HandshakeRtt ?? 0, before);
        Note(conversation, marks, p);
        Measure(conversation, from, to, fromA, p);
        FollowWindow(from, p);
        FollowEnds(conversation, from, fromA, p);
        conversation.LastTime = Math.Max(conversation.LastTime, p.Time);
        streams.Look(conversation, p, fromA);
    }

    /// <summary>The capture is over: concludes what is left, in the order in which it began.</summary>
    public void End(long endTime)
    {
        foreach (var conversation in _conversations.Values.OrderBy(conversation => conversation.Index))
        {
            conclusions.Add(conversation, endTime);
        }

        _conversations.Clear();
    }

    private TcpConversation Find(Packet p, out bool fromA)
    {
        var key = FlowKey.Of(p, out fromA);
        if (_last is not null && _last.Key == key)
        {
            return _last;
        }

        if (!_conversations.TryGetValue(key, out var conversation))
        {
            MakeRoom(p.Time);
            conversation = Begin(key, p, fromA);
        }

        return _last = conversation;
    }

    private TcpConversation Begin(FlowKey key, Packet p, bool fromA)
    {
        var fromClient = (p.Flags & (TcpFlags.Syn | TcpFlags.Ack)) switch
        {
            TcpFlags.Syn => true,
            TcpFlags.Syn | TcpFlags.Ack => false,
            _ => p.SourcePort > p.DestinationPort,
        };
        return _conversations[key] = new(key, Count++) { FirstTime = p.Time, LastTime = p.Time, FirstPacket = p.Number, ClientIsA = fromClient == fromA };
    }

    private TcpConversation Renew(TcpConversation old)
    {
        conclusions.Add(old, old.LastTime);
        return _last = _conversations[old.Key] = new(old.Key, Count++) { FirstTime = -1, ClientIsA = old.ClientIsA };
    }

    private static bool IsOver(TcpConversation conversation) =>
        conversation.Reset is not null || conversation.A.FinPacket > 0 || conversation.B.FinPacket > 0;

    private static void Account(TcpConversation conversation, TcpSide from, Packet p)
    {
        if (conversation.FirstTime < 0)
        {
            (conversation.FirstTime, conversation.LastTime, conversation.FirstPacket) = (p.Time, p.Time, p.Number);
        }

        if (p.Time - conversation.LastTime >= TcpConversation.Idle)
        {
            conversation.Silence = (p.Time - conversation.LastTime, p.Time);
        }

        from.Packets++;
        from.Bytes += p.Record.WireLength;
        from.PayloadBytes += p.PayloadLength;
        from.Segments += p.PayloadLength > 0 || p.Has(TcpFlags.Syn | TcpFlags.Fin) ? 1 : 0;
    }

    private static void Note(TcpConversation conversation, TcpMarks marks, Packet p)
    {
        for (var rest = (uint)marks; rest != 0; rest &= rest - 1)
        {
            conversation[(TcpMarks)(rest & ~(rest - 1))].Add(p);
        }
    }

    private static void Measure(TcpConversation conversation, TcpSide from, TcpSide to, bool fromA, Packet p)
    {
        if (p.Has(TcpFlags.Syn))
        {
            ReadScale(from, to, p);
            if (p.Has(TcpFlags.Ack))
            {
                conversation.ClientIsA = !fromA;
                conversation.SynAckRtt ??= conversation.SawSyn ? p.Time - conversation.SynTime : null;
                conversation.SawSynAck = true;
            }
            else
            {
                conversation.ClientIsA = fromA;
                conversation.SawSyn = true;
                conversation.SynTime = p.Time;
                conversation.Syns.Add(p);
            }
        }
        else if (p.Has(TcpFlags.Ack) && conversation is { SawSyn: true, HandshakeRtt: null })
        {
            conversation.HandshakeRtt = p.Time - conversation.SynTime;
        }

        if (p.Has(TcpFlags.Ack) && to.Acknowledged(p.Acknowledgment, p.Time) is { } since)
        {
            to.Rtt.Add(since, p.Number);
        }
    }

    // What a SYN says of the factor of its sender's windows; without the option in either SYN there is none.
    private static void ReadScale(TcpSide from, TcpSide to, Packet p)
    {
        var options = p.TcpOptions.Span;
        var scale = TcpSide.NoScale;
        while (options.Length > 0 && options[0] != 0)
        {
            var length = options[0] == 1 ? 1 : options.Length > 1 ? options[1] : 0;
            if (length == 0 || length > options.Length || (length < 2 && options[0] != 1))
            {
                break;
            }

            scale = options[0] == WindowScaleOption && length == 3 ? Math.Min((int)options[2], LargestScale) : scale;
            options = options[length..];
        }

        from.Scale = from.Scale == TcpSide.UnknownScale || scale >= 0 ? scale : from.Scale;
        if (p.Has(TcpFlags.Ack) && scale == TcpSide.NoScale)
        {
            to.Scale = TcpSide.NoScale;
        }
    }

    private static void FollowWindow(TcpSide from, Packet p)
    {
        if (p.Has(TcpFlags.Syn | TcpFlags.Fin | TcpFlags.Reset))
        {
            return;
        }

        if (p.Window == 0)
        {
            from.ZeroSince = from.ZeroSince == 0 ? p.Time : from.ZeroSince;
        }
        else if (from.ZeroSince != 0)
        {
            var closed = p.Time - from.ZeroSince;
            (from.ZeroSince, from.LongestZero) = (0, Math.Max(from.LongestZero, closed));
        }
    }

    private static void FollowEnds(TcpConversation conversation, TcpSide from, bool fromA, Packet p)
    {
        if (p.Has(TcpFlags.Fin) && from.FinPacket == 0)
        {
            from.FinPacket = p.Number;
        }

        if (!p.Has(TcpFlags.Reset))
        {
            return;
        }

        conversation.Resets.Add(p);
        conversation.Reset ??= (
            fromA,
            conversation.Client.PayloadBytes,
            conversation.Server.PayloadBytes,
            conversation is { SawSyn: true, SawSynAck: false } && fromA != conversation.ClientIsA,
            conversation.A.FinPacket > 0 || conversation.B.FinPacket > 0,
            p.Time - conversation.Silence.End <= ResetSoon ? conversation.Silence.Length : 0);
    }

    private void MakeRoom(long time)
    {
        if (_conversations.Count < options.Conversations)
        {
            return;
        }

        // A quarter at once, so that it is seldom done.
        foreach (var oldest in _conversations.Values.OrderBy(conversation => IsOver(conversation) ? 0 : 1).ThenBy(conversation => conversation.LastTime).Take(Math.Max(1, options.Conversations / 4)).ToList())
        {
            conclusions.Add(oldest, time);
            _conversations.Remove(oldest.Key);
            ConcludedEarly++;
        }

        _last = null;
    }
}
