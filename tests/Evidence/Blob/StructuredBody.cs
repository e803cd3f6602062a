using System.Buffers.Binary;

namespace CaptureFlow.Evidence.Tests;

/// <summary>
/// Bodies of the blob service with checksums in them (<c>XSM/1.0; properties=crc64</c>): a header of 13 bytes (version, length, flags, segments), per
/// segment a header of 10 (number, length), its bytes and their CRC64, and at the end the CRC64 of all. The CRC is that of NVMe.
/// </summary>
internal static class StructuredBody
{
    public const string Header = "x-ms-structured-body";
    public const string LengthHeader = "x-ms-structured-content-length";

    private static readonly ulong[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    /// <returns>The bytes; null when a checksum is not theirs.</returns>
    public static byte[]? TryRead(ReadOnlySpan<byte> message)
    {
        if (message[0] != 1 || BinaryPrimitives.ReadInt64LittleEndian(message[1..]) != message.Length)
        {
            return null;
        }

        List<byte> content = [];
        var rest = message[13..];
        for (var segments = BinaryPrimitives.ReadUInt16LittleEndian(message[11..]); segments > 0; segments--)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(rest[2..]);
            var segment = rest.Slice(10, length);
            if (BinaryPrimitives.ReadUInt64LittleEndian(rest[(10 + length)..]) != Crc64(segment))
            {
                return null;
            }

            content.AddRange(segment);
            rest = rest[(18 + length)..];
        }

        byte[] all = [.. content];
        return BinaryPrimitives.ReadUInt64LittleEndian(rest) == Crc64(all) ? all : null;
    }

    private static ulong Crc64(ReadOnlySpan<byte> bytes)
    {
        var crc = ulong.MaxValue;
        foreach (var b in bytes)
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static ulong Entry(int index)
    {
        const ulong Polynomial = 0x9A6C9329AC4BC9B5;
        var entry = (ulong)index;
        for (var bit = 0; bit < 8; bit++)
        {
            entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ Polynomial;
        }

        return entry;
    }
}
