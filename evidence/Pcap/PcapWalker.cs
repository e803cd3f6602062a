namespace CaptureFlow.Evidence;

/// <summary>Walks a capture file from record to record and adds up.</summary>
public static class PcapWalker
{
    /// <summary>Reads the stream to its end, in constant memory. Whatever the bytes are, the answer is a result; errors of the stream pass through.</summary>
    public static async Task<PcapWalk> WalkAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var reader = await PcapReader.OpenAsync(stream, cancellationToken);
        long packets = 0, captured = 0, wire = 0;
        PcapRecord? first = null;
        do
        {
            while (reader.TryReadBuffered())
            {
                packets++;
                captured += reader.Current.CapturedLength;
                wire += reader.Current.WireLength;
                first ??= reader.Current;
            }
        }
        while (await reader.FillAsync(cancellationToken));

        await reader.DrainAsync(cancellationToken);
        return reader.Header is not { } header
            ? new(reader.BytesRead, null, reader.Problem)
            : new(
                reader.BytesRead,
                new(header.LinkType, header.SnapLength, packets, captured, wire, first?.Timestamp, packets > 0 ? reader.Current.Timestamp : null, reader.BytesRead - reader.BytesParsed),
                reader.Problem);
    }
}
