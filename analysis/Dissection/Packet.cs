using CaptureFlow.Evidence;

namespace CaptureFlow.Analysis;

/// <summary>
/// One packet, taken apart: one instance is filled anew for each. <see cref="Record"/> and what is cut from it are valid until the next.
/// </summary>
internal sealed class Packet
{
    public const int NoInterface = -1;

    /// <summary>As Wireshark counts: the first of the file is 1.</summary>
    public long Number { get; set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long Time { get; set; }

    public PcapRecord Record { get; set; }

    public int Interface { get; set; }

    public PacketKind Kind { get; set; }

    public Address Source { get; set; }

    public Address Destination { get; set; }

    public int SourcePort { get; set; }

    public int DestinationPort { get; set; }

    /// <summary>What is behind the transport header, as far as it was kept.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; }

    /// <summary>What was behind it on the wire.</summary>
    public int PayloadLength { get; set; }

    public uint Sequence { get; set; }

    public uint Acknowledgment { get; set; }

    public TcpFlags Flags { get; set; }

    public int Window { get; set; }

    public ReadOnlyMemory<byte> TcpOptions { get; set; }

    /// <summary>The IP packet is a part of one that was sent in pieces.</summary>
    public bool Fragment { get; set; }

    /// <summary>In a tunnel: VXLAN, Geneve, GRE, IP in IP.</summary>
    public bool Tunnelled { get; set; }

    public bool IsCut => Record.CapturedLength < Record.WireLength;

    public bool Has(TcpFlags flag) => (Flags & flag) != 0;

    public void Begin(long number, in PcapRecord record, int? @interface)
    {
        Number = number;
        Record = record;
        Time = (record.Seconds * 1_000_000_000L) + record.Nanoseconds;
        Interface = @interface ?? NoInterface;
        Kind = PacketKind.Other;
        Fragment = Tunnelled = false;
        SourcePort = DestinationPort = PayloadLength = 0;
        Payload = default;
    }
}
