namespace CaptureFlow.Evidence;

/// <summary>Walks a capture file from record to record and adds up.</summary>
public static class PcapWalker
{
    /// <summary>Reads the stream to its end, in constant memory. Whatever the bytes are, the answer is a result; errors of the stream pass through.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="captureId">Whose canaries to look for; null for none.</param>
    public static async Task<PcapWalk> WalkAsync(Stream stream, CancellationToken cancellationToken, string? captureId = null)
    {
        using var reader = await PcapReader.OpenAsync(stream, cancellationToken);
        long packets = 0, captured = 0, wire = 0;
        PcapRecord? first = null;
        CanaryCount canaries = new(captureId);
        do
        {
            while (reader.TryReadBuffered())
            {
                packets++;
                captured += reader.Current.CapturedLength;
                wire += reader.Current.WireLength;
                first ??= reader.Current;
                canaries.Look(reader.Current);
            }
        }
        while (await reader.FillAsync(cancellationToken));

        await reader.DrainAsync(cancellationToken);
        return reader.Header is not { } header
            ? new(reader.BytesRead, null, reader.Problem)
            : new(
                reader.BytesRead,
                new(header.LinkType, header.SnapLength, packets, captured, wire, first?.Timestamp, packets > 0 ? reader.Current.Timestamp : null, reader.BytesRead - reader.BytesParsed,
                    canaries.Packets, canaries.First, canaries.Last),
                reader.Problem);
    }
}
