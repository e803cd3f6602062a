namespace CaptureFlow.Orchestrations;

/// <summary>What walking a capture file found.</summary>
/// <param name="LinkType">The file's link type number, e.g. 276 (LINUX_SLL2), 1 (Ethernet).</param>
/// <param name="SnapLength">The file's snap length.</param>
/// <param name="Packets">Whole packet records.</param>
/// <param name="CapturedBytes">Sum of the bytes kept.</param>
/// <param name="WireBytes">Sum of the packets' lengths on the wire.</param>
/// <param name="FirstPacketAt">Timestamp of the first record, UTC, by the node's clock; null when there is none.</param>
/// <param name="LastPacketAt">Timestamp of the last record.</param>
/// <param name="BytesAfterLastRecord">Bytes behind the last whole record; more than 0 means that the file was cut.</param>
/// <param name="CanaryPackets">How many of the packets are the tap's own canaries, or the kernel's answers to them.</param>
/// <param name="FirstCanary">Whether the canary of the window's start is among them.</param>
/// <param name="LastCanary">Whether the canary of the window's end is among them.</param>
public sealed record PcapSummary(
    int LinkType,
    long SnapLength,
    long Packets,
    long CapturedBytes,
    long WireBytes,
    DateTimeOffset? FirstPacketAt,
    DateTimeOffset? LastPacketAt,
    long BytesAfterLastRecord,
    long CanaryPackets = 0,
    bool FirstCanary = false,
    bool LastCanary = false)
{
    /// <summary>The packets that are not the tap's own.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public long OthersPackets => Packets - CanaryPackets;
}
