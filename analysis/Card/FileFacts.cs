namespace CaptureFlow.Analysis;

/// <summary>The file that was looked at.</summary>
/// <param name="Format"><c>pcap</c> or <c>pcapng</c>; null when it is neither.</param>
/// <param name="Bytes">Bytes read of it.</param>
/// <param name="Packets">Packets read.</param>
/// <param name="WireBytes">Their length on the wire.</param>
/// <param name="CutPackets">How many of them the snap length cut.</param>
/// <param name="SnapLength">Bytes kept of each packet, at most; 0 when the file does not say.</param>
/// <param name="FirstAt">Time of the first packet, UTC, by the capturing node's clock.</param>
/// <param name="LastAt">Time of the last.</param>
/// <param name="ReadToItsEnd">False when reading stopped before, or the last packet is not whole.</param>
/// <param name="Problem">Why reading stopped before the end; null when it did not.</param>
public sealed record FileFacts(
    string? Format,
    long Bytes,
    long Packets,
    long WireBytes,
    long CutPackets,
    long SnapLength,
    DateTimeOffset? FirstAt,
    DateTimeOffset? LastAt,
    bool ReadToItsEnd,
    string? Problem)
{
    /// <summary>How many of <see cref="Packets"/> are CaptureFlow's own canaries, or the kernel's answers to them; nothing else of the card speaks of those.</summary>
    public long OwnPackets { get; init; }
}
