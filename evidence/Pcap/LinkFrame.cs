using System.Buffers.Binary;

namespace CaptureFlow.Evidence;

/// <summary>A packet without its link header.</summary>
/// <param name="EtherType">What the payload is, e.g. 0x0800 (IPv4), 0x86dd (IPv6), behind any VLAN tags.</param>
/// <param name="Payload">From the network header on.</param>
/// <param name="InterfaceIndex">The interface, by the pod's numbering; null where the link type does not tell.</param>
/// <param name="PacketType">0 to us, 1 broadcast, 2 multicast, 3 to another host, 4 from us; null where the link type does not tell.</param>
public readonly record struct LinkFrame(int EtherType, ReadOnlyMemory<byte> Payload, int? InterfaceIndex = null, int? PacketType = null)
{
    public const int IPv4 = 0x0800;
    public const int IPv6 = 0x86dd;

    private const int Vlan = 0x8100;
    private const int ServiceVlan = 0x88a8;
    private const int SllLength = 16;
    private const int Sll2Length = 20;
    private const int EthernetLength = 14;
    private const int VlanLength = 4;

    public static bool TryRead(int linkType, ReadOnlyMemory<byte> data, out LinkFrame frame)
    {
        var bytes = data.Span;
        switch (linkType)
        {
            case LinkTypes.LinuxSll2 when bytes.Length >= Sll2Length:
                frame = new(UInt16(bytes), data[Sll2Length..], BinaryPrimitives.ReadInt32BigEndian(bytes[4..]), bytes[10]);
                return true;
            case LinkTypes.LinuxSll when bytes.Length >= SllLength:
                frame = new(UInt16(bytes[14..]), data[SllLength..], PacketType: UInt16(bytes));
                return true;
            case LinkTypes.Ethernet when bytes.Length >= EthernetLength:
                frame = ReadEthernet(data);
                return true;
            case LinkTypes.Raw or LinkTypes.RawOfLinux when bytes.Length > 0 && (bytes[0] >> 4) is 4 or 6:
                frame = new((bytes[0] >> 4) == 4 ? IPv4 : IPv6, data);
                return true;
            default:
                frame = default;
                return false;
        }
    }

    private static LinkFrame ReadEthernet(ReadOnlyMemory<byte> data)
    {
        var at = EthernetLength;
        var type = UInt16(data.Span[(at - 2)..]);
        while (type is Vlan or ServiceVlan && data.Length >= at + VlanLength)
        {
            at += VlanLength;
            type = UInt16(data.Span[(at - 2)..]);
        }

        return new(type, data[at..]);
    }

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
