using System.Buffers.Binary;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>The file header of a classic pcap file.</summary>
/// <param name="BigEndian">Byte order of all the file's numbers.</param>
/// <param name="Nanoseconds">Whether the fraction of a timestamp is in nanoseconds; else in microseconds.</param>
/// <param name="LinkType">The link type number; see <see cref="LinkTypes"/>.</param>
/// <param name="SnapLength">Bytes kept of each packet, at most.</param>
public readonly record struct PcapHeader(bool BigEndian, bool Nanoseconds, int LinkType, long SnapLength)
{
    private const uint Microsecond = 0xa1b2c3d4;
    private const uint Nanosecond = 0xa1b23c4d;
    private const uint NextGeneration = 0x0a0d0d0a;
    private const uint Kuznetsov = 0xa1b2cd34;

    /// <summary>The upper bits hold the length of the frame check sequence, which tcpdump never writes.</summary>
    private const uint LinkTypeMask = 0xffff;

    /// <summary>What libpcap refuses as "savefile linktype reserved field not zero".</summary>
    private const uint ReservedMask = 0x03ff_0000;

    /// <summary>Reads the first 24 bytes of a file.</summary>
    /// <returns>Null, or in one sentence why this is no classic pcap file.</returns>
    internal static string? Read(ReadOnlySpan<byte> bytes, out PcapHeader header)
    {
        header = default;
        if (bytes.Length < CaptureWindow.FileHeaderBytes)
        {
            return bytes.IsEmpty ? "The file is empty." : $"The file ends after {bytes.Length} bytes, inside the pcap header of {CaptureWindow.FileHeaderBytes}.";
        }

        var magic = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var swapped = BinaryPrimitives.ReverseEndianness(magic);
        var bigEndian = magic is Microsecond or Nanosecond;
        if (!bigEndian && swapped is not (Microsecond or Nanosecond))
        {
            return magic == NextGeneration ? "The file is pcapng, not classic pcap."
                : magic == Kuznetsov || swapped == Kuznetsov ? "The file is in Kuznetsov's modified pcap format, which old Linux tcpdumps wrote. Convert it: tcpdump -r FILE -w NEW"
                : $"The file starts with 0x{magic:x8}, which is no pcap magic.";
        }

        var linkField = ReadUInt32(bytes[20..], bigEndian);
        header = new(bigEndian, (bigEndian ? magic : swapped) == Nanosecond, (int)(linkField & LinkTypeMask), ReadUInt32(bytes[16..], bigEndian));
        if ((linkField & ReservedMask) != 0)
        {
            return $"The link type field 0x{linkField:x8} has bits set that are reserved.";
        }

        var (major, minor) = (ReadUInt16(bytes[4..], bigEndian), ReadUInt16(bytes[6..], bigEndian));
        return (major, minor) == (2, 4) ? null : $"The file is of pcap version {major}.{minor}; 2.4 is the only one written since 1998.";
    }

    /// <summary>Whether a record begins as a file does: two files joined end to end.</summary>
    internal static bool Begins(ReadOnlySpan<byte> bytes)
    {
        var magic = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var swapped = BinaryPrimitives.ReverseEndianness(magic);
        return (magic is Microsecond or Nanosecond && ReadUInt16(bytes[4..], true) == 2 && ReadUInt16(bytes[6..], true) == 4)
            || (swapped is Microsecond or Nanosecond && ReadUInt16(bytes[4..], false) == 2 && ReadUInt16(bytes[6..], false) == 4);
    }

    internal static uint ReadUInt32(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    internal static ushort ReadUInt16(ReadOnlySpan<byte> bytes, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
