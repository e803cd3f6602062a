namespace CaptureFlow.Analysis;

/// <summary>How often something was seen, where first, and when.</summary>
internal struct Occurrences
{
    /// <summary>Enough to look the thing up; the rest is found with Wireshark's own filters.</summary>
    public const int MostPackets = 8;

    private long[]? _packets;

    public long Count { get; private set; }

    public long FirstTime { get; private set; }

    public long LastTime { get; private set; }

    public readonly IReadOnlyList<long> Packets => _packets is null ? [] : _packets[..(int)Math.Min(Count, MostPackets)];

    public void Add(Packet packet) => Add(packet.Number, packet.Time);

    public void Add(long number, long time)
    {
        if (Count == 0)
        {
            FirstTime = time;
            _packets = new long[2];
        }
        else if (Count == 2)
        {
            Array.Resize(ref _packets, MostPackets);
        }

        if (Count < MostPackets)
        {
            _packets![Count] = number;
        }

        LastTime = time;
        Count++;
    }

    /// <summary>Both together; the first packets of both.</summary>
    public void Add(in Occurrences other)
    {
        if (other.Count == 0)
        {
            return;
        }

        var packets = Packets.Concat(other.Packets).Order().Take(MostPackets).ToArray();
        Array.Resize(ref packets, MostPackets);
        FirstTime = Count == 0 ? other.FirstTime : Math.Min(FirstTime, other.FirstTime);
        LastTime = Count == 0 ? other.LastTime : Math.Max(LastTime, other.LastTime);
        _packets = packets;

        // At least as many as there are packets, so that none of the empty places is shown.
        Count += other.Count;
    }
}
