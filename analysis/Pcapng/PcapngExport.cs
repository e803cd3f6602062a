using System.Net.Sockets;
using CaptureFlow.Evidence;

namespace CaptureFlow.Analysis;

/// <summary>
/// The same packets as pcapng: an interface for each real one, names, the facts of the capture, and comments on packets. Each packet
/// keeps its number, its bytes, its link type and its time at the source's resolution, and the byte order stays, so that
/// <see cref="PcapngOrigin"/> gives the pcap file back. It streams, in constant memory. Does not own the streams.
/// </summary>
public sealed class PcapngExport : IDisposable
{
    private const uint SectionHeader = 0x0a0d0d0a;
    private const uint InterfaceBlock = 1;
    private const uint NameBlock = 4;
    private const uint PacketBlock = 6;
    private const uint ByteOrder = 0x1a2b3c4d;
    private const uint UnknownLength = uint.MaxValue;
    private const int CommentOption = 1;
    private const int ApplicationOption = 4;
    private const int NameOption = 2;
    private const int DescriptionOption = 3;
    private const int ResolutionOption = 9;
    private const int FilterOption = 11;
    private const int NamesInBlock = 1_000;
    private const int MostNameBytes = 255;
    private const int MostCommentBytes = 2_000;
    private const int MostFactBytes = 32_000;
    private const int MostFilterBytes = 8_000;

    private readonly PcapReader _reader;
    private readonly PcapHeader _header;

    private PcapngExport(PcapReader reader, PcapHeader header) => (_reader, _header) = (reader, header);

    /// <summary>Looks whether it is a pcap file.</summary>
    /// <returns>The export, or in one sentence why there is none.</returns>
    public static async ValueTask<(PcapngExport? Export, string? Refusal)> OpenAsync(Stream file, CancellationToken cancellationToken)
    {
        var reader = await PcapReader.OpenAsync(file, cancellationToken);
        if (reader.Header is { } header)
        {
            return (new(reader, header), null);
        }

        reader.Dispose();
        return (null, reader.Problem ?? "The file is no pcap.");
    }

    /// <summary>Writes all of it, once.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="notes">What is said beside the packets.</param>
    /// <param name="cancellationToken">Stops it; what was written is then cut.</param>
    /// <returns>What came of it; a source that is cut or broken gives the packets before that.</returns>
    public async Task<PcapngTally> WriteAsync(Stream output, PcapngNotes notes, CancellationToken cancellationToken)
    {
        BlockWriter writer = new(output, _header.BigEndian);
        InterfaceTable interfaces = new(_header.LinkType);
        WriteSection(writer, notes);
        WriteNames(writer, notes.Names);
        long packets = 0;
        do
        {
            while (_reader.TryReadBuffered())
            {
                var number = interfaces.Find(_reader.Current.Data.Span, out var added);
                if (added is var (name, description))
                {
                    WriteInterface(writer, name, description, notes.Filter);
                }

                WritePacket(writer, (uint)number, _reader.Current, notes.Comments.GetValueOrDefault(++packets) ?? []);
                await writer.FlushIfFullAsync(cancellationToken);
            }
        }
        while (await _reader.FillAsync(cancellationToken));

        if (interfaces.Count == 0)
        {
            var (name, description) = interfaces.Only();
            WriteInterface(writer, name, description, notes.Filter);
        }

        await writer.FlushAsync(cancellationToken);
        return new(packets, _reader.Problem ?? (_reader.BytesRead > _reader.BytesParsed ? "The last packet is not whole." : null));
    }

    public void Dispose() => _reader.Dispose();

    private static void WriteSection(BlockWriter writer, PcapngNotes notes)
    {
        writer.Begin(SectionHeader).UInt32(ByteOrder).UInt16(1).UInt16(0).UInt32(UnknownLength).UInt32(UnknownLength);
        if (notes.Facts.Count > 0)
        {
            writer.Option(CommentOption, string.Join('\n', notes.Facts), MostFactBytes);
        }

        writer.Option(ApplicationOption, "CaptureFlow"u8).EndOfOptions().End();
    }

    private static void WriteNames(BlockWriter writer, IReadOnlyList<NamedAddress> names)
    {
        foreach (var some in names.Take(PcapngNotes.MostNames).Chunk(NamesInBlock))
        {
            writer.Begin(NameBlock);
            foreach (var (address, name) in some)
            {
                byte[] value = [.. address.GetAddressBytes(), .. BlockWriter.Utf8(name, MostNameBytes), 0];
                writer.Option(address.AddressFamily == AddressFamily.InterNetwork ? 1 : 2, value);
            }

            // The end of the records; there are no options.
            writer.EndOfOptions().End();
        }
    }

    private void WriteInterface(BlockWriter writer, string? name, string description, string? filter)
    {
        writer.Begin(InterfaceBlock).UInt16(_header.LinkType).UInt16(0).UInt32((uint)_header.SnapLength);
        if (name is not null)
        {
            writer.Option(NameOption, name, MostNameBytes);
        }

        writer.Option(DescriptionOption, description, MostNameBytes).Option(ResolutionOption, [(byte)(_header.Nanoseconds ? 9 : 6)]);
        if (!string.IsNullOrEmpty(filter))
        {
            // Its first byte says that it is an expression of libpcap's.
            writer.Option(FilterOption, [0, .. BlockWriter.Utf8(filter, MostFilterBytes)]);
        }

        writer.EndOfOptions().End();
    }

    private void WritePacket(BlockWriter writer, uint number, PcapRecord packet, IReadOnlyList<string> comments)
    {
        var units = _header.Nanoseconds
            ? (packet.Seconds * 1_000_000_000UL) + (ulong)packet.Nanoseconds
            : (packet.Seconds * 1_000_000UL) + ((ulong)packet.Nanoseconds / 1_000);
        writer.Begin(PacketBlock).UInt32(number).UInt32((uint)(units >> 32)).UInt32((uint)units)
            .UInt32((uint)packet.CapturedLength).UInt32((uint)packet.WireLength).Padded(packet.Data.Span);
        if (comments.Count > 0)
        {
            foreach (var comment in comments)
            {
                writer.Option(CommentOption, comment, MostCommentBytes);
            }

            writer.EndOfOptions();
        }

        writer.End();
    }
}
