using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>
/// The pcap file that a pcapng file was made of, byte for byte when <see cref="PcapngExport"/> made it and the pcap was whole: what the
/// manifest's size and hash are of. It streams, in constant memory. Does not own the streams.
/// </summary>
public static class PcapngOrigin
{
    private const uint Microsecond = 0xa1b2c3d4;
    private const uint Nanosecond = 0xa1b23c4d;

    /// <summary>Whether a file begins as pcapng does; the stream is left at its start.</summary>
    /// <param name="file">Seekable.</param>
    public static bool IsPcapng(Stream file)
    {
        Span<byte> start = stackalloc byte[4];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return length == start.Length && BinaryPrimitives.ReadUInt32BigEndian(start) == 0x0a0d0d0a;
    }

    /// <summary>Writes the packets as pcap.</summary>
    /// <param name="file">pcapng.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>In one sentence why it is not all of the file; null when it is.</returns>
    public static async Task<string?> WriteAsync(Stream file, Stream output, CancellationToken cancellationToken)
    {
        using PcapngReader reader = new(file);
        PcapBytes bytes = new(output);
        int? linkType = null;
        do
        {
            while (reader.TryRead())
            {
                var packet = reader.Current;
                if (linkType is null)
                {
                    bytes.Begin(reader.BigEndian, reader.First?.Resolution == 9, packet.LinkType, reader.SnapLength);
                }
                else if (linkType != packet.LinkType)
                {
                    return "Its packets are of several link types, which no pcap file holds.";
                }

                linkType = packet.LinkType;
                bytes.Add(packet.Seconds, packet.Nanoseconds, (uint)packet.WireLength, packet.Data.Span);
                await bytes.FlushIfFullAsync(cancellationToken);
            }
        }
        while (await reader.FillAsync(cancellationToken));

        if (linkType is null && reader.First is { } only)
        {
            bytes.Begin(reader.BigEndian, only.Resolution == 9, only.LinkType, reader.SnapLength);
        }

        await bytes.FlushAsync(cancellationToken);
        return reader.Problem ?? (reader.BytesLeft > 0 ? "The last block is not whole." : null);
    }

    private sealed class PcapBytes(Stream output)
    {
        private BlockWriter? _writer;
        private bool _nanoseconds;

        public void Begin(bool bigEndian, bool nanoseconds, int linkType, long snapLength)
        {
            _nanoseconds = nanoseconds;
            _writer = new BlockWriter(output, bigEndian)
                .UInt32(nanoseconds ? Nanosecond : Microsecond).UInt16(2).UInt16(4).UInt32(0).UInt32(0).UInt32((uint)snapLength).UInt32((uint)linkType);
        }

        public void Add(uint seconds, long nanoseconds, uint wireLength, ReadOnlySpan<byte> data) => _writer!
            .UInt32(seconds).UInt32((uint)(_nanoseconds ? nanoseconds : nanoseconds / 1_000)).UInt32((uint)data.Length).UInt32(wireLength).Bytes(data);

        public ValueTask FlushIfFullAsync(CancellationToken cancellationToken) => _writer?.FlushIfFullAsync(cancellationToken) ?? default;

        public ValueTask FlushAsync(CancellationToken cancellationToken) => _writer?.FlushAsync(cancellationToken) ?? default;
    }
}
