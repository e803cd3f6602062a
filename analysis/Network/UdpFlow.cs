namespace CaptureFlow.Analysis;

/// <summary>Datagrams between two ends.</summary>
internal sealed class UdpFlow(Packet first)
{
    public Endpoint Client { get; } = new(first.Source, first.SourcePort);

    public Endpoint Server { get; } = new(first.Destination, first.DestinationPort);

    public string? Application { get; set; }

    public long Packets { get; set; }

    public long Bytes { get; set; }

    public long FirstTime { get; } = first.Time;

    public long LastTime { get; set; } = first.Time;

    public long FirstPacket { get; } = first.Number;
}
