using CaptureFlow.Evidence;

namespace CaptureFlow.Analysis;

/// <summary>The packets of a capture file, whichever of the two formats it is in. Does not own the stream.</summary>
internal abstract class PacketSource : IDisposable
{
    private const uint SectionHeader = 0x0a0d0d0a;
    private const ushort Gzip = 0x1f8b;

    /// <summary>The packet that the last successful read found; valid until the next one is asked for.</summary>
    public PcapRecord Current { get; protected set; }

    /// <summary>The file's own number of the interface; null in classic pcap, where the link header may have one.</summary>
    public int? Interface { get; protected set; }

    /// <summary><c>pcap</c> or <c>pcapng</c>; null when it is neither.</summary>
    public abstract string? Format { get; }

    /// <summary>Why reading stopped before the end; null when nothing is wrong but perhaps a cut last record.</summary>
    public abstract string? Problem { get; }

    /// <summary>Bytes kept of each packet, at most; 0 when the file does not say.</summary>
    public abstract long SnapLength { get; }

    /// <summary>Bytes that were read and belong to no whole record.</summary>
    public abstract long BytesLeft { get; }

    public abstract long BytesRead { get; }

    /// <summary>Looks at the first bytes to see what the file is.</summary>
    public static async ValueTask<PacketSource> OpenAsync(Stream stream, CancellationToken cancellationToken)
    {
        var start = new byte[4];
        var length = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        PrefixedStream whole = new(start.AsMemory(0, length), stream);
        if (length == 4 && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(start) == SectionHeader)
        {
            return new PcapngReader(whole);
        }

        return length == 4 && System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(start) == Gzip
            ? new UnreadableSource("The file is compressed. Unpack it first: gunzip FILE.gz", length)
            : new ClassicSource(await PcapReader.OpenAsync(whole, cancellationToken));
    }

    /// <summary>The next whole packet that is already in memory.</summary>
    public abstract bool TryRead();

    /// <summary>Reads more; false at the end of the file, or where it cannot be read on.</summary>
    public abstract ValueTask<bool> FillAsync(CancellationToken cancellationToken);

    public abstract void Dispose();
}
