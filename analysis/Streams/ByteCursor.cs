using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>Reads front to end, and never behind it: from there on everything is zero or empty, and it is said to be broken.</summary>
internal ref struct ByteCursor(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool IsBroken { get; private set; }

    public readonly bool IsAtEnd => _rest.Length == 0;

    public int UInt8()
    {
        var one = Bytes(1);
        return one.Length == 1 ? one[0] : 0;
    }

    public int UInt16()
    {
        var two = Bytes(2);
        return two.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(two) : 0;
    }

    public int UInt24() => (UInt8() << 16) | UInt16();

    public ReadOnlySpan<byte> Bytes(int length)
    {
        if (IsBroken || length > _rest.Length)
        {
            IsBroken = true;
            _rest = [];
            return [];
        }

        var bytes = _rest[..length];
        _rest = _rest[length..];
        return bytes;
    }

    /// <summary>As many as are there, up to so many.</summary>
    public ReadOnlySpan<byte> AtMost(int length) => Bytes(Math.Min(length, _rest.Length));
}
