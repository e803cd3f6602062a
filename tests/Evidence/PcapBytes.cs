using System.Buffers.Binary;

namespace CaptureFlow.Evidence.Tests;

/// <summary>Builds classic pcap files byte by byte, in any byte order and precision.</summary>
internal sealed class PcapBytes
{
    private readonly List<byte> _bytes = [];
    private readonly bool _bigEndian;

    public PcapBytes(bool bigEndian = false, bool nanoseconds = false, uint linkType = LinkTypes.LinuxSll2, uint snapLength = 262_144)
    {
        _bigEndian = bigEndian;
        UInt32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
        UInt16(2);
        UInt16(4);
        UInt32(0);
        UInt32(0);
        UInt32(snapLength);
        UInt32(linkType);
    }

    public PcapBytes Packet(uint seconds, uint fraction, ReadOnlySpan<byte> data, uint? wireLength = null, uint? claimedLength = null)
    {
        UInt32(seconds);
        UInt32(fraction);
        UInt32(claimedLength ?? (uint)data.Length);
        UInt32(wireLength ?? (uint)data.Length);
        _bytes.AddRange(data);
        return this;
    }

    public PcapBytes Packets(int count, int length)
    {
        for (var i = 0; i < count; i++)
        {
            Packet(1_000 + (uint)i, 0, Make.Noise(length, i));
        }

        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    public static implicit operator byte[](PcapBytes file) => file.ToArray();

    private void UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (_bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        }

        _bytes.AddRange(bytes);
    }

    private void UInt16(ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        if (_bigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        }

        _bytes.AddRange(bytes);
    }
}
