using System.Buffers;
using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>
/// CaptureFlow's own packets in its captures: UDP on loopback to port 9 with the second half of a capture's id, the last one with a full stop behind it, and
/// the kernel's answers that nobody listens there. Nobody else's traffic looks so, and what they show is not the user's.
/// </summary>
internal static class Canary
{
    private const int DiscardPort = 9;
    private const int WordLength = 16;
    private const int IcmpHeader = 8;
    private const int IpHeader = 20;
    private const int UdpHeader = 8;
    private const byte UdpProtocol = 17;

    /// <summary>Crockford's alphabet in lower case, of which ids are made.</summary>
    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("0123456789abcdefghjkmnpqrstvwxyz"u8);

    private static readonly Address Loopback = Address.V4([127, 0, 0, 1]);

    public static bool Is(Packet p) => p.Source == Loopback && p.Destination == Loopback && p.Kind switch
    {
        PacketKind.Udp => p.DestinationPort == DiscardPort && IsWord(p.Payload.Span),
        PacketKind.Icmp => IsAnswer(p.Payload.Span),
        PacketKind.Other or PacketKind.UnknownLink or PacketKind.Malformed or PacketKind.Arp or PacketKind.OtherIp or PacketKind.Icmp6 or PacketKind.Tcp => false,
    };

    private static bool IsAnswer(ReadOnlySpan<byte> message)
    {
        // "Port unreachable", with the packet that it answers.
        if (message.Length < IcmpHeader + IpHeader + UdpHeader || message[0] != 3 || message[1] != 3)
        {
            return false;
        }

        var packet = message[IcmpHeader..];
        return packet[0] == 0x45 && packet[9] == UdpProtocol && BinaryPrimitives.ReadUInt16BigEndian(packet[(IpHeader + 2)..]) == DiscardPort
            && IsWord(packet[(IpHeader + UdpHeader)..]);
    }

    private static bool IsWord(ReadOnlySpan<byte> data) =>
        (data.Length == WordLength || (data.Length == WordLength + 1 && data[^1] == '.')) && data[..WordLength].IndexOfAnyExcept(Alphabet) < 0;
}
