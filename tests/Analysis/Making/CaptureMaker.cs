namespace CaptureFlow.Analysis.Tests;

/// <summary>Collects packets, and writes them as a file of either format.</summary>
internal sealed class CaptureMaker
{
    public const long Millisecond = 1_000_000;
    public const long Second = 1_000 * Millisecond;
    private const int EthernetLink = 1;

    private readonly List<(long Time, byte[] Data, int WireLength)> _frames = [];

    /// <summary>Nanoseconds since 1970 of the packet that comes next.</summary>
    public long Time { get; set; } = 1_772_625_600 * Second;

    public int Count => _frames.Count;

    public CaptureMaker Wait(long nanoseconds)
    {
        Time += nanoseconds;
        return this;
    }

    /// <summary>A packet of a hundred microseconds later than the last.</summary>
    public void Add(byte[] frame, int snapLength = 262_144)
    {
        Time += Millisecond / 10;
        _frames.Add((Time, frame[..Math.Min(frame.Length, snapLength)], frame.Length));
    }

    public void AddAt(long time, byte[] frame) => _frames.Add((time, frame, frame.Length));

    /// <summary>The same packets without some, in another order, or cut.</summary>
    /// <param name="change">From all packets to those that are in the file.</param>
    /// <param name="snapLength">Bytes that are kept of each.</param>
    public CaptureMaker Changed(Func<IEnumerable<byte[]>, IEnumerable<byte[]>> change, int snapLength = 262_144)
    {
        CaptureMaker changed = new();
        foreach (var frame in change(_frames.Select(frame => frame.Data)))
        {
            changed.Add(frame, snapLength);
        }

        return changed;
    }

    /// <summary>In the order of their times.</summary>
    public CaptureMaker Sorted()
    {
        CaptureMaker sorted = new();
        sorted._frames.AddRange(_frames.OrderBy(frame => frame.Time));
        return sorted;
    }

    public byte[] ToPcap(bool bigEndian = false, int linkType = EthernetLink)
    {
        ByteMaker file = new(bigEndian);
        file.UInt32(0xa1b23c4d).UInt16(2).UInt16(4).UInt32(0).UInt32(0).UInt32(262_144).UInt32((uint)linkType);
        foreach (var (time, data, wireLength) in _frames)
        {
            file.UInt32((uint)(time / Second)).UInt32((uint)(time % Second)).UInt32((uint)data.Length).UInt32((uint)wireLength).Bytes(data);
        }

        return file.ToArray();
    }

    /// <param name="bigEndian">Byte order.</param>
    /// <param name="resolution">The option if_tsresol; null leaves it out, and times are cut to microseconds.</param>
    public byte[] ToPcapng(bool bigEndian = false, byte? resolution = 9)
    {
        ByteMaker file = new(bigEndian);
        file.Bytes(PcapngBlocks.Section(bigEndian)).Bytes(PcapngBlocks.Interface(bigEndian, EthernetLink, resolution));
        foreach (var (time, data, wireLength) in _frames)
        {
            file.Bytes(PcapngBlocks.Packet(bigEndian, 0, Units(time, resolution ?? 6), data, wireLength));
        }

        return file.ToArray();
    }

    // Rounded up, so that cutting it to nanoseconds gives the same again.
    private static ulong Units(long time, byte resolution) => (resolution & 0x80) != 0
        ? (ulong)((((UInt128)time << (resolution & 0x7f)) + (UInt128)(Second - 1)) / (UInt128)Second)
        : (ulong)time / (ulong)Math.Pow(10, 9 - resolution);
}
