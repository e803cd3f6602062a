using System.Buffers.Binary;
using System.Numerics;
using CaptureFlow.Evidence;

namespace CaptureFlow.Analysis;

/// <summary>An interface of a pcapng section: its link type, and how its timestamps count.</summary>
/// <param name="LinkType">The link type number.</param>
/// <param name="SnapLength">Bytes kept of each packet; 0 is no limit.</param>
/// <param name="Resolution">The option if_tsresol: a power of ten, or of two with the top bit.</param>
/// <param name="OffsetSeconds">The option if_tsoffset.</param>
internal readonly record struct PcapngInterface(int LinkType, long SnapLength, byte Resolution, long OffsetSeconds)
{
    private const int ResolutionOption = 9;
    private const int OffsetOption = 14;
    private const ulong Billion = 1_000_000_000;

    public static PcapngInterface Read(ReadOnlySpan<byte> body, bool bigEndian)
    {
        PcapngInterface found = new(PcapHeader.ReadUInt16(body, bigEndian), PcapHeader.ReadUInt32(body[4..], bigEndian), 6, 0);
        var options = body[8..];
        while (options.Length >= 4)
        {
            var (code, length) = (PcapHeader.ReadUInt16(options, bigEndian), PcapHeader.ReadUInt16(options[2..], bigEndian));
            options = options[4..];
            if (code == 0 || length > options.Length)
            {
                break;
            }

            if (code == ResolutionOption && length >= 1)
            {
                found = found with { Resolution = options[0] };
            }
            else if (code == OffsetOption && length >= 8)
            {
                found = found with { OffsetSeconds = bigEndian ? BinaryPrimitives.ReadInt64BigEndian(options) : BinaryPrimitives.ReadInt64LittleEndian(options) };
            }

            options = options[Math.Min((length + 3) & ~3, options.Length)..];
        }

        return found;
    }

    /// <summary>A timestamp as seconds and nanoseconds; what does not fit is cut to what does.</summary>
    public (uint Seconds, long Nanoseconds) Time(ulong units)
    {
        if (Resolution is 6 or 9)
        {
            // What all that capture write.
            var common = Resolution == 6 ? 1_000_000UL : 1_000_000_000UL;
            return (Clamp((Int128)(units / common) + OffsetSeconds), (long)(units % common * (Billion / common)));
        }

        var perSecond = (Resolution & 0x80) != 0 ? BigInteger.One << (Resolution & 0x7f) : BigInteger.Pow(10, Math.Min((int)Resolution, 38));
        if (perSecond <= Billion)
        {
            var small = (ulong)perSecond;
            return (Clamp((Int128)(units / small) + OffsetSeconds), (long)((UInt128)(units % small) * Billion / small));
        }

        var seconds = BigInteger.DivRem(units, perSecond, out var rest);
        return (Clamp((Int128)(ulong)seconds + OffsetSeconds), (long)(rest * Billion / perSecond));
    }

    private static uint Clamp(Int128 seconds) => seconds < 0 ? 0 : seconds > uint.MaxValue ? uint.MaxValue : (uint)seconds;
}
