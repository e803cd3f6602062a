namespace CaptureFlow.Analysis;

/// <summary>One connection as far as it was seen.</summary>
internal sealed class TcpConversation(FlowKey key, long index)
{
    /// <summary>Nanoseconds. Load balancers and NATs forget connections after a minute or more, some after half of one.</summary>
    public const long Idle = 30_000_000_000;

    private static readonly int Kinds = System.Numerics.BitOperations.Log2((uint)TcpMarks.ReusedPorts) + 1;

    private Occurrences[]? _marks;

    public FlowKey Key { get; } = key;

    /// <summary>The connections of a file in the order of their first packets; Wireshark's <c>tcp.stream</c> where each is on one interface.</summary>
    public long Index { get; } = index;

    public TcpSide A { get; } = new();

    public TcpSide B { get; } = new();

    public long FirstTime { get; set; }

    public long LastTime { get; set; }

    public long FirstPacket { get; set; }

    /// <summary>Whether A is the client: from the SYN, else the end with the higher port, which is a guess.</summary>
    public bool ClientIsA { get; set; }

    public bool SawSyn { get; set; }

    public bool SawSynAck { get; set; }

    /// <summary>The last SYN, as Wireshark takes it for the round trip of the handshake.</summary>
    public long SynTime { get; set; }

    public Occurrences Syns;

    public long? HandshakeRtt { get; set; }

    /// <summary>From the SYN to the SYN with ACK; null until both were seen.</summary>
    public long? SynAckRtt { get; set; }

    /// <summary>The last silence of at least <see cref="Idle"/>: how long, and when it ended.</summary>
    public (long Length, long End) Silence { get; set; }

    /// <summary>What it carries, read; null before the first byte.</summary>
    public ConversationStreams? Streams { get; set; }

    public Occurrences Resets;

    /// <summary>Bytes that the other end had sent, and that had been sent to it, when the first reset came.</summary>
    public (bool FromA, long ClientBytes, long ServerBytes, bool AnswersSyn, bool AfterFin, long IdleBefore)? Reset { get; set; }

    public ref Occurrences this[TcpMarks kind]
    {
        get
        {
            _marks ??= new Occurrences[Kinds];
            return ref _marks[System.Numerics.BitOperations.Log2((uint)kind)];
        }
    }

    public TcpSide Client => ClientIsA ? A : B;

    public TcpSide Server => ClientIsA ? B : A;

    public long Packets => A.Packets + B.Packets;

    public long Bytes => A.Bytes + B.Bytes;

    public bool OneDirection => A.Packets == 0 || B.Packets == 0;

    public Endpoint ClientEnd => ClientIsA ? new(Key.A, Key.PortA) : new(Key.B, Key.PortB);

    public Endpoint ServerEnd => ClientIsA ? new(Key.B, Key.PortB) : new(Key.A, Key.PortA);

    public long Count(TcpMarks kind) => _marks is null ? 0 : this[kind].Count;

    /// <summary>Who ended it first, and whether with a reset; null while it is open.</summary>
    public (bool ByClient, bool ByReset)? End
    {
        get
        {
            var (a, b) = (A.FinPacket, B.FinPacket);
            var fin = a == 0 || b == 0 ? Math.Max(a, b) : Math.Min(a, b);
            return Reset is { } reset && (fin == 0 || Resets.Packets[0] < fin) ? (reset.FromA == ClientIsA, true)
                : fin > 0 ? ((fin == a) == ClientIsA, false)
                : null;
        }
    }

    /// <summary>As findings name it: the client's port says nothing to anybody.</summary>
    public string Subject => $"{ClientEnd.Address} → {ServerEnd}";

    public override string ToString() => $"{ClientEnd} → {ServerEnd}";
}
