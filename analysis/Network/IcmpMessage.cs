using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>An error that ICMP reports of a packet that somebody sent.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Reason">In words: <c>port unreachable</c>.</param>
/// <param name="Mtu">Of a packet that is too big: what would fit; else 0, also where it is not told.</param>
/// <param name="Original">Of which packet: who sent it to whom, as far as it is there.</param>
internal readonly record struct IcmpMessage(IcmpKind Kind, string Reason, int Mtu, string Original)
{
    private const int HeaderLength = 8;

    private static readonly string[] Unreachable =
    [
        "network unreachable", "host unreachable", "protocol unreachable", "port unreachable", "fragmentation needed", "source route failed",
        "network unknown", "host unknown", "source host isolated", "network prohibited", "host prohibited", "network unreachable for the type of service",
        "host unreachable for the type of service", "administratively prohibited", "host precedence violation", "precedence cut-off",
    ];

    private static readonly string[] Unreachable6 =
    [
        "no route", "administratively prohibited", "beyond the scope of the source address", "address unreachable", "port unreachable",
        "source address failed the policy", "route rejected",
    ];

    /// <summary>False for everything else that ICMP is used for: echoes, neighbors, routers.</summary>
    public static bool TryRead(Packet p, out IcmpMessage message)
    {
        message = default;
        var data = p.Payload.Span;
        if (data.Length < HeaderLength)
        {
            return false;
        }

        var six = p.Kind == PacketKind.Icmp6;
        var (type, code) = (data[0], data[1]);
        IcmpKind? kind = (six, type) switch
        {
            (false, 3) => code == 4 ? IcmpKind.TooBig : IcmpKind.Unreachable,
            (false, 11) or (true, 3) => IcmpKind.TimeExceeded,
            (true, 1) => IcmpKind.Unreachable,
            (true, 2) => IcmpKind.TooBig,
            _ => null,
        };
        if (kind is not { } found)
        {
            return false;
        }

        var reason = found switch
        {
            IcmpKind.TooBig => "packet too big",
            IcmpKind.TimeExceeded => code == 0 ? "hop limit exceeded on the way" : "fragments did not all come in time",
            IcmpKind.Unreachable => Name(six ? Unreachable6 : Unreachable, code),
        };
        var mtu = found != IcmpKind.TooBig ? 0
            : six ? (int)Math.Min(BinaryPrimitives.ReadUInt32BigEndian(data[4..]), int.MaxValue)
            : BinaryPrimitives.ReadUInt16BigEndian(data[6..]);
        message = new(found, reason, mtu, OriginalOf(data[HeaderLength..]));
        return true;
    }

    private static string Name(string[] names, int code) => code < names.Length ? names[code] : $"code {code}";

    private static string OriginalOf(ReadOnlySpan<byte> packet)
    {
        const int longest4 = 20, longest6 = 40;
        if (packet.Length >= longest4 && packet[0] >> 4 == 4)
        {
            var header = Math.Max(longest4, (packet[0] & 15) * 4);
            return Between(Address.V4(packet[12..]), Address.V4(packet[16..]), packet[9], header < packet.Length ? packet[header..] : []);
        }

        return packet.Length >= longest6 && packet[0] >> 4 == 6
            ? Between(Address.V6(packet[8..]), Address.V6(packet[24..]), packet[6], packet[longest6..])
            : "a packet that is cut";
    }

    private static string Between(Address from, Address to, int protocol, ReadOnlySpan<byte> transport)
    {
        const int tcp = 6, udp = 17, ports = 4;
        return protocol is tcp or udp && transport.Length >= ports
            ? $"{from} → {new Endpoint(to, BinaryPrimitives.ReadUInt16BigEndian(transport[2..]))} ({(protocol == tcp ? "tcp" : "udp")})"
            : $"{from} → {to}";
    }
}
