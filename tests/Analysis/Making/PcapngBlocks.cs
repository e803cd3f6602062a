namespace CaptureFlow.Analysis.Tests;

/// <summary>The blocks of a pcapng file.</summary>
internal static class PcapngBlocks
{
    public static byte[] Section(bool bigEndian) => Block(bigEndian, 0x0a0d0d0a, body => body.UInt32(0x1a2b3c4d).UInt16(1).UInt16(0).UInt32(uint.MaxValue).UInt32(uint.MaxValue));

    public static byte[] Interface(bool bigEndian, ushort linkType, byte? resolution) => Block(bigEndian, 1, body =>
    {
        body.UInt16(linkType).UInt16(0).UInt32(262_144);
        if (resolution is { } value)
        {
            body.UInt16(9).UInt16(1).Bytes([value, 0, 0, 0]).UInt32(0);
        }
    });

    public static byte[] Packet(bool bigEndian, uint number, ulong time, byte[] data, int wireLength) => Block(
        bigEndian, 6, body => body.UInt32(number).UInt32((uint)(time >> 32)).UInt32((uint)time).UInt32((uint)data.Length).UInt32((uint)wireLength).Bytes(data));

    public static byte[] Block(bool bigEndian, uint type, Action<ByteMaker> fill)
    {
        ByteMaker body = new(bigEndian);
        fill(body);
        var bytes = body.ToArray();
        var padding = (4 - (bytes.Length % 4)) % 4;
        var length = (uint)(12 + bytes.Length + padding);
        return new ByteMaker(bigEndian).UInt32(type).UInt32(length).Bytes(bytes).Bytes(new byte[padding]).UInt32(length).ToArray();
    }
}
