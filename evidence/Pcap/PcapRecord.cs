namespace CaptureFlow.Evidence;

/// <summary>One packet of a capture file. <see cref="Data"/> is valid until the reader moves on.</summary>
/// <param name="LinkType">The file's link type.</param>
/// <param name="Seconds">Seconds since 1970, UTC, by the capturing node's clock.</param>
/// <param name="Nanoseconds">The fraction of the second, in the file's own precision.</param>
/// <param name="WireLength">Bytes on the wire; more than the data where the snap length cut it.</param>
/// <param name="Data">The bytes kept, link header first.</param>
public readonly record struct PcapRecord(int LinkType, uint Seconds, long Nanoseconds, long WireLength, ReadOnlyMemory<byte> Data)
{
    public int CapturedLength => Data.Length;

    /// <summary>Cut to the 100 ns that .NET's clock has.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.UnixEpoch.AddTicks((Seconds * TimeSpan.TicksPerSecond) + (Nanoseconds / TimeSpan.NanosecondsPerTick));

    /// <summary>Takes the link header apart; false for other link types and for packets cut inside it.</summary>
    public bool TryReadFrame(out LinkFrame frame) => LinkFrame.TryRead(LinkType, Data, out frame);
}
