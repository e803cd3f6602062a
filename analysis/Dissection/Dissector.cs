using System.Buffers.Binary;
using CaptureFlow.Evidence;

namespace CaptureFlow.Analysis;

/// <summary>
/// Takes a packet apart down to its transport header, through tags and tunnels. Lengths come from the headers, so that a cut packet has the length that
/// it had on the wire; nothing that a packet says leads outside of its own bytes.
/// </summary>
internal static class Dissector
{
    private const int ProtocolIcmp = 1;
    private const int ProtocolIpInIp = 4;
    private const int ProtocolTcp = 6;
    private const int ProtocolUdp = 17;
    private const int ProtocolIPv6 = 41;
    private const int ProtocolGre = 47;
    private const int ProtocolIcmp6 = 58;
    private const int Vxlan = 4789;
    private const int Geneve = 6081;
    private const int Ethernet = 0x6558;
    private const int PppSession = 0x8864;
    private const int PppIPv4 = 0x0021;
    private const int PppIPv6 = 0x0057;
    private const int MplsUnicast = 0x8847;

    /// <summary>A tunnel in a tunnel is seen; more is an attack.</summary>
    private const int DeepestTunnel = 4;

    /// <summary>Extension headers of IPv6: no sender needs more.</summary>
    private const int MostExtensions = 8;

    public static void Dissect(Packet packet)
    {
        if (!packet.Record.TryReadFrame(out var frame))
        {
            packet.Kind = PacketKind.UnknownLink;
            return;
        }

        packet.Interface = packet.Interface == Packet.NoInterface ? frame.InterfaceIndex ?? Packet.NoInterface : packet.Interface;
        ReadNetwork(packet, frame.EtherType, frame.Payload, 0);
    }

    private static void ReadNetwork(Packet packet, int etherType, ReadOnlyMemory<byte> data, int depth)
    {
        packet.Tunnelled = depth > 0;
        switch (etherType)
        {
            case LinkFrame.IPv4:
                ReadIPv4(packet, data, depth);
                break;
            case LinkFrame.IPv6:
                ReadIPv6(packet, data, depth);
                break;
            case LinkFrame.Arp:
                packet.Kind = PacketKind.Arp;
                packet.Payload = data;
                break;
            case PppSession when data.Length >= 8:
                var inner = UInt16(data.Span[6..]);
                ReadInner(packet, inner == PppIPv4 ? LinkFrame.IPv4 : inner == PppIPv6 ? LinkFrame.IPv6 : 0, data[8..], depth);
                break;
            case MplsUnicast:
                ReadMpls(packet, data, depth);
                break;
            default:
                packet.Kind = PacketKind.Other;
                break;
        }
    }

    private static void ReadInner(Packet packet, int etherType, ReadOnlyMemory<byte> data, int depth)
    {
        if (depth == DeepestTunnel)
        {
            packet.Kind = PacketKind.Malformed;
            return;
        }

        if (etherType == Ethernet)
        {
            if (LinkFrame.TryRead(LinkTypes.Ethernet, data, out var frame))
            {
                ReadNetwork(packet, frame.EtherType, frame.Payload, depth + 1);
            }
            else
            {
                packet.Kind = PacketKind.Malformed;
            }

            return;
        }

        ReadNetwork(packet, etherType, data, depth + 1);
    }

    private static void ReadMpls(Packet packet, ReadOnlyMemory<byte> data, int depth)
    {
        while (data.Length >= 5)
        {
            var bottom = (data.Span[2] & 1) != 0;
            data = data[4..];
            if (bottom)
            {
                var version = data.Span[0] >> 4;
                ReadInner(packet, version == 4 ? LinkFrame.IPv4 : version == 6 ? LinkFrame.IPv6 : 0, data, depth);
                return;
            }
        }

        packet.Kind = PacketKind.Malformed;
    }

    private static void ReadIPv4(Packet packet, ReadOnlyMemory<byte> data, int depth)
    {
        var bytes = data.Span;
        var header = bytes.Length > 0 ? (bytes[0] & 15) * 4 : 0;
        if (bytes.Length < 20 || bytes[0] >> 4 != 4 || header < 20)
        {
            packet.Kind = PacketKind.Malformed;
            return;
        }

        packet.Source = Address.V4(bytes[12..]);
        packet.Destination = Address.V4(bytes[16..]);

        // 0 of a packet that was captured before the network card cut it into pieces (TSO).
        var total = UInt16(bytes[2..]) is > 0 and var said ? said : OnWire(packet, data);
        if (total < header)
        {
            packet.Kind = PacketKind.Malformed;
            return;
        }

        var fragment = UInt16(bytes[6..]);
        packet.Fragment = (fragment & 0x3fff) != 0;
        if ((fragment & 0x1fff) != 0)
        {
            packet.Kind = PacketKind.OtherIp;
            return;
        }

        ReadTransport(packet, bytes[9], Cut(data, header, total), total - header, depth);
    }

    private static void ReadIPv6(Packet packet, ReadOnlyMemory<byte> data, int depth)
    {
        var bytes = data.Span;
        if (bytes.Length < 40 || bytes[0] >> 4 != 6)
        {
            packet.Kind = PacketKind.Malformed;
            return;
        }

        packet.Source = Address.V6(bytes[8..]);
        packet.Destination = Address.V6(bytes[24..]);
        var total = UInt16(bytes[4..]) is > 0 and var said ? said + 40 : OnWire(packet, data);
        int next = bytes[6], at = 40;
        for (var i = 0; i < MostExtensions && next is 0 or 43 or 44 or 51 or 60 or 135; i++)
        {
            if (bytes.Length < at + 8)
            {
                packet.Kind = PacketKind.Malformed;
                return;
            }

            var isFragment = next == 44;
            packet.Fragment |= isFragment && (UInt16(bytes[(at + 2)..]) & 0xfff9) != 0;
            if (isFragment && UInt16(bytes[(at + 2)..]) >> 3 != 0)
            {
                packet.Kind = PacketKind.OtherIp;
                return;
            }

            (next, at) = (bytes[at], at + (next switch { 44 => 8, 51 => (bytes[at + 1] + 2) * 4, _ => (bytes[at + 1] + 1) * 8 }));
            if (at > total || at > bytes.Length)
            {
                packet.Kind = PacketKind.Malformed;
                return;
            }
        }

        ReadTransport(packet, next, Cut(data, at, total), Math.Max(0, total - at), depth);
    }

    private static void ReadTransport(Packet packet, int protocol, ReadOnlyMemory<byte> data, int length, int depth)
    {
        packet.Payload = data;
        packet.PayloadLength = length;
        switch (protocol)
        {
            case ProtocolTcp:
                ReadTcp(packet, data, length);
                break;
            case ProtocolUdp:
                ReadUdp(packet, data, length, depth);
                break;
            case ProtocolIcmp:
                packet.Kind = PacketKind.Icmp;
                break;
            case ProtocolIcmp6:
                packet.Kind = PacketKind.Icmp6;
                break;
            case ProtocolIpInIp when data.Length > 0:
                ReadInner(packet, LinkFrame.IPv4, data, depth);
                break;
            case ProtocolIPv6 when data.Length > 0:
                ReadInner(packet, LinkFrame.IPv6, data, depth);
                break;
            case ProtocolGre when data.Length >= 4 && (data.Span[1] & 7) == 0:
                var gre = 4 + ((data.Span[0] & 0x80) != 0 ? 4 : 0) + ((data.Span[0] & 0x20) != 0 ? 4 : 0) + ((data.Span[0] & 0x10) != 0 ? 4 : 0);
                ReadInner(packet, UInt16(data.Span[2..]), data[Math.Min(gre, data.Length)..], depth);
                break;
            default:
                packet.Kind = PacketKind.OtherIp;
                break;
        }
    }

    private static void ReadUdp(Packet packet, ReadOnlyMemory<byte> data, int length, int depth)
    {
        if (data.Length < 8)
        {
            packet.Kind = PacketKind.Malformed;
            return;
        }

        var bytes = data.Span;
        packet.SourcePort = UInt16(bytes);
        packet.DestinationPort = UInt16(bytes[2..]);
        if (!packet.Fragment && packet.DestinationPort == Vxlan && bytes.Length >= 16 && (bytes[8] & 8) != 0)
        {
            ReadInner(packet, Ethernet, data[16..], depth);
            return;
        }

        if (!packet.Fragment && packet.DestinationPort == Geneve && bytes.Length >= 16 && bytes[8] >> 6 == 0)
        {
            ReadInner(packet, UInt16(bytes[10..]), data[Math.Min(16 + ((bytes[8] & 63) * 4), data.Length)..], depth);
            return;
        }

        packet.Kind = PacketKind.Udp;
        packet.PayloadLength = Math.Max(0, Math.Min(length, UInt16(bytes[4..]) is >= 8 and var said ? said : length) - 8);
        packet.Payload = data[8..Math.Min(data.Length, 8 + packet.PayloadLength)];
    }

    private static void ReadTcp(Packet packet, ReadOnlyMemory<byte> data, int length)
    {
        var bytes = data.Span;
        var header = bytes.Length >= 20 ? (bytes[12] >> 4) * 4 : 0;
        if (header < 20 || header > length)
        {
            packet.Kind = PacketKind.Malformed;
            return;
        }

        packet.Kind = PacketKind.Tcp;
        packet.SourcePort = UInt16(bytes);
        packet.DestinationPort = UInt16(bytes[2..]);
        packet.Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        packet.Acknowledgment = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        packet.Flags = (TcpFlags)(bytes[13] & 31);
        packet.Window = UInt16(bytes[14..]);
        packet.TcpOptions = data[20..Math.Min(header, bytes.Length)];
        packet.PayloadLength = length - header;
        packet.Payload = bytes.Length > header ? data[header..] : default;
    }

    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> data, int from, int to) => from >= data.Length ? default : data[from..Math.Min(data.Length, Math.Max(from, to))];

    // Of the bytes that the link header is not: whatever the packet on the wire had behind those that were kept, and no more than a packet can have.
    private static int OnWire(Packet packet, ReadOnlyMemory<byte> data) =>
        (int)Math.Min(data.Length + Math.Max(0, packet.Record.WireLength - packet.Record.CapturedLength), 1 << 24);

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
