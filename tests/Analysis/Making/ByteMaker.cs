using System.Buffers.Binary;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Numbers in either byte order.</summary>
internal sealed class ByteMaker(bool bigEndian)
{
    private readonly List<byte> _bytes = [];

    public ByteMaker UInt16(ushort value)
    {
        Span<byte> two = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(two, bigEndian ? value : BinaryPrimitives.ReverseEndianness(value));
        return Bytes(two);
    }

    public ByteMaker UInt32(uint value)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, bigEndian ? value : BinaryPrimitives.ReverseEndianness(value));
        return Bytes(four);
    }

    public ByteMaker Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];
}
