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
    public const int Arp = 0x0806;

    private const int Vlan = 0x8100;
    private const int ServiceVlan = 0x88a8;
    private const int SllLength = 16;
    private const int Sll2Length = 20;
    private const int EthernetLength = 14;
    private const int VlanLength = 4;
    private const int FamilyLength = 4;

    public static bool TryRead(int linkType, ReadOnlyMemory<byte> data, out LinkFrame frame)
    {
        var bytes = data.Span;
        switch (linkType)
        {
            case LinkTypes.LinuxSll2 when bytes.Length >= Sll2Length:
                frame = BehindTags(UInt16(bytes), data, Sll2Length) with { InterfaceIndex = BinaryPrimitives.ReadInt32BigEndian(bytes[4..]), PacketType = bytes[10] };
                return true;
            case LinkTypes.LinuxSll when bytes.Length >= SllLength:
                frame = BehindTags(UInt16(bytes[14..]), data, SllLength) with { PacketType = UInt16(bytes) };
                return true;
            case LinkTypes.Ethernet when bytes.Length >= EthernetLength:
                frame = BehindTags(UInt16(bytes[(EthernetLength - 2)..]), data, EthernetLength);
                return true;
            case LinkTypes.Raw or LinkTypes.RawOfLinux or LinkTypes.IPv4 or LinkTypes.IPv6 when bytes.Length > 0 && (bytes[0] >> 4) is 4 or 6:
                frame = OfVersion(data);
                return true;
            case LinkTypes.Null or LinkTypes.Loop when bytes.Length > FamilyLength && (bytes[FamilyLength] >> 4) is 4 or 6 && IsFamily(bytes):
                frame = OfVersion(data[FamilyLength..]);
                return true;
            default:
                frame = default;
                return false;
        }
    }

    private static LinkFrame OfVersion(ReadOnlyMemory<byte> data) => new((data.Span[0] >> 4) == 4 ? IPv4 : IPv6, data);

    // The families of IP: 2 everywhere, and 10, 24, 28 or 30 for version 6; in either byte order.
    private static bool IsFamily(ReadOnlySpan<byte> bytes) =>
        (bytes[0] is 0 && bytes[1] is 0 && bytes[2] is 0 && bytes[3] is 2 or 10 or 24 or 28 or 30)
        || (bytes[3] is 0 && bytes[2] is 0 && bytes[1] is 0 && bytes[0] is 2 or 10 or 24 or 28 or 30);

    // The kernel leaves tags where it found them, also behind its cooked headers.
    private static LinkFrame BehindTags(int type, ReadOnlyMemory<byte> data, int at)
    {
        while (type is Vlan or ServiceVlan && data.Length >= at + VlanLength)
        {
            at += VlanLength;
            type = UInt16(data.Span[(at - 2)..]);
        }

        return new(type, data[at..]);
    }

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
