namespace CaptureFlow.Orchestrations;

/// <summary>The bounds of a capture. Whichever is reached first ends it.</summary>
/// <param name="Duration">Time from the moment tcpdump listens.</param>
/// <param name="SnapLength">Bytes kept of each packet, the cooked header included.</param>
/// <param name="MaxBytes">Upper bound of the capture file in bytes.</param>
/// <param name="MaxPackets">Upper bound of packets; null leaves it to <paramref name="MaxBytes"/>.</param>
public sealed record CaptureWindow(TimeSpan Duration, int SnapLength, long MaxBytes, long? MaxPackets = null)
{
    /// <summary>Keeps link, network and transport headers with options and the first bytes of payload. Measured without loss at 1 Gbit/s.</summary>
    public const int HeaderSnapLength = 256;

    /// <summary>Of an order that names none: about 380,000 packets of <see cref="HeaderSnapLength"/>, which arrive within seconds over an API server's exec.</summary>
    public const long DefaultMaxBytes = 100L << 20;

    /// <summary>tcpdump's own default and maximum: the whole packet.</summary>
    public const int FullSnapLength = 262_144;

    /// <summary>Classic pcap: the file header, and the header before each packet, in bytes.</summary>
    public const int FileHeaderBytes = 24;

    /// <inheritdoc cref="FileHeaderBytes"/>
    public const int RecordHeaderBytes = 16;

    /// <summary>
    /// Up to this snap length the byte bound is derived as a packet count (<c>-c</c>): exact, with no polling. Above it the worst case is so
    /// far from the typical packet that the count would end captures far too early; there the tap limits the size of the file itself.
    /// </summary>
    public const int CountedSnapLength = 2_048;

    /// <summary>Whether more than headers is kept of a packet.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool KeepsPayload => SnapLength > HeaderSnapLength;

    /// <summary>The <c>-c</c> of tcpdump: the smaller of what was asked and what fits into <see cref="MaxBytes"/>; null for no bound by count.</summary>
    public long? PacketBound => SnapLength > CountedSnapLength ? MaxPackets : Math.Min(MaxPackets ?? long.MaxValue, PacketsThatFit);

    /// <summary>The most bytes that the file can have: <c>24 + N × (16 + S)</c> where a packet count bounds it, else <see cref="MaxBytes"/>.</summary>
    public long ByteBound => PacketBound is { } packets && packets <= PacketsThatFit
        ? FileHeaderBytes + (packets * (RecordHeaderBytes + SnapLength))
        : MaxBytes;

    private long PacketsThatFit => (MaxBytes - FileHeaderBytes) / (RecordHeaderBytes + SnapLength);
}
