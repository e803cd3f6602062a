using System.Buffers.Binary;
using System.Net;

namespace CaptureFlow.Analysis;

/// <summary>An address of IP, either version, without an allocation. Version 4 is kept as ::ffff:a.b.c.d, which never is on a wire.</summary>
internal readonly record struct Address(ulong High, ulong Low) : IComparable<Address>
{
    private const ulong Mapped = 0xffff_0000_0000;

    public bool IsV4 => High == 0 && Low >> 32 == 0xffff;

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsUnspecified => High == 0 && Low is 0 or Mapped;

    public static Address V4(ReadOnlySpan<byte> bytes) => new(0, Mapped | BinaryPrimitives.ReadUInt32BigEndian(bytes));

    public static Address V6(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public int CompareTo(Address other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return new IPAddress(IsV4 ? bytes[12..] : bytes).ToString();
    }
}
