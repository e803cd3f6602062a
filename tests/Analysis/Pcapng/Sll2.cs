namespace CaptureFlow.Analysis.Tests;

/// <summary>Frames as tcpdump writes them for the interface <c>any</c>.</summary>
internal static class Sll2
{
    public const int LinkType = 276;
    private const int EthernetLength = 14;
    private const ushort Loopback = 772;
    private const ushort Ethernet = 1;

    /// <summary>The frame behind a cooked header in place of its own.</summary>
    public static byte[] Frame(byte[] frame, uint index, bool loopback = false) => new ByteMaker(bigEndian: true)
        .Bytes(frame.AsSpan(EthernetLength - 2, 2)).UInt16(0).UInt32(index).UInt16(loopback ? Loopback : Ethernet).Bytes([0, 6, 2, 0, 0, 0, 0, 1, 0, 0])
        .Bytes(frame.AsSpan(EthernetLength)).ToArray();
}
