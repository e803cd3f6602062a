namespace CaptureFlow.Analysis;

/// <summary>Both directions of one connection, put in order and read as what they speak.</summary>
internal sealed class ConversationStreams(
    TcpConversation conversation, StreamBudget budget, Func<StreamProtocol, TcpConversation, IStreamReader?> readers)
{
    private StreamSide? _a;
    private StreamSide? _b;

    public IStreamReader? Reader { get; private set; }

    /// <summary>Nobody reads on.</summary>
    public bool IsDone { get; private set; }

    public long Missing => (_a?.Missing ?? 0) + (_b?.Missing ?? 0);

    public void Look(Packet p, bool fromA)
    {
        if (Reader is null && conversation.ServerEnd.Port == DnsAnalysis.Port)
        {
            Reader = readers(StreamProtocol.Dns, conversation);
        }

        if (p.PayloadLength > 0)
        {
            (fromA ? _a ??= Create(true) : _b ??= Create(false)).Add(p);
        }

        if (p.Has(TcpFlags.Ack))
        {
            (fromA ? _b : _a)?.Acknowledged(p.Acknowledgment);
        }

        if (Reader is { IsDone: true })
        {
            GiveUp();
        }
    }

    /// <summary>The connection is over.</summary>
    public void End(long endTime)
    {
        if (!IsDone)
        {
            _a?.End();
            _b?.End();
        }

        Reader?.End(conversation, endTime);
        GiveUp();
    }

    public StreamSide Other(bool isA) => isA ? _b ??= Create(false) : _a ??= Create(true);

    public void Begin(StreamProtocol protocol, bool isA, bool? byClient)
    {
        if (byClient is { } client && conversation is { SawSyn: false, SawSynAck: false })
        {
            conversation.ClientIsA = client == isA;
        }

        Reader = readers(protocol, conversation);
        if (Reader is null)
        {
            GiveUp();
            return;
        }

        (isA ? _a : _b)?.ReadWith(SinkOf(isA));
        (isA ? _b : _a)?.ReadWith(SinkOf(!isA));
    }

    public void GiveUp()
    {
        IsDone = true;
        _a?.Drop();
        _b?.Drop();
        (_a, _b) = (null, null);
    }

    private IByteSink SinkOf(bool ofA) => ofA == conversation.ClientIsA ? Reader!.FromClient : Reader!.FromServer;

    private StreamSide Create(bool ofA)
    {
        var began = ofA == conversation.ClientIsA ? conversation.SawSyn : conversation.SawSynAck;
        StreamSide side = new(this, budget, ofA ? conversation.A : conversation.B, ofA, began);
        if (Reader is not null)
        {
            side.ReadWith(SinkOf(ofA));
        }

        return side;
    }
}
