using System.Net;
using System.Text;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Ethernet frames with IP, version 4 or 6.</summary>
internal static class Frames
{
    private const byte TcpProtocol = 6;
    private const byte UdpProtocol = 17;
    private const byte IcmpProtocol = 1;
    private const byte Icmp6Protocol = 58;
    private const int EthernetLength = 14;

    public static byte[] Tcp(
        IPEndPoint from, IPEndPoint to, uint sequence, uint acknowledgment, TcpFlags flags, ReadOnlySpan<byte> data = default, ushort window = 64_240)
    {
        // A scale of windows of 1 in both SYNs: what the window field says is what it is.
        byte[] options = (flags & TcpFlags.Syn) != 0 ? [1, 3, 3, 0] : [];
        ByteMaker segment = new(bigEndian: true);
        segment.UInt16((ushort)from.Port).UInt16((ushort)to.Port).UInt32(sequence).UInt32(acknowledgment)
            .Bytes([(byte)((5 + (options.Length / 4)) << 4), (byte)flags]).UInt16(window).UInt32(0).Bytes(options).Bytes(data);
        return Ip(from.Address, to.Address, TcpProtocol, segment.ToArray());
    }

    public static byte[] Udp(IPEndPoint from, IPEndPoint to, ReadOnlySpan<byte> data)
    {
        ByteMaker datagram = new(bigEndian: true);
        datagram.UInt16((ushort)from.Port).UInt16((ushort)to.Port).UInt16((ushort)(8 + data.Length)).UInt16(0).Bytes(data);
        return Ip(from.Address, to.Address, UdpProtocol, datagram.ToArray());
    }

    /// <summary>A question for an A record, or the answer to it without records.</summary>
    public static byte[] Dns(ushort id, string name, int? responseCode = null)
    {
        ByteMaker message = new(bigEndian: true);
        message.UInt16(id).UInt16((ushort)(responseCode is { } code ? 0x8180 | code : 0x0100)).UInt16(1).UInt16(0).UInt32(0);
        foreach (var label in name.Split('.'))
        {
            message.Bytes([(byte)label.Length]).Bytes(Encoding.ASCII.GetBytes(label));
        }

        return message.Bytes([0]).UInt16(1).UInt16(1).ToArray();
    }

    /// <summary>An error of ICMP, version 4 or 6, about the first bytes of a frame that <see cref="Frames"/> made.</summary>
    public static byte[] IcmpError(string from, string to, byte type, byte code, uint rest, byte[] about, int most = 28)
    {
        var (source, destination) = (IPAddress.Parse(from), IPAddress.Parse(to));
        var six = source.GetAddressBytes().Length == 16;
        var message = new ByteMaker(bigEndian: true).Bytes([type, code, 0, 0]).UInt32(rest).Bytes(about.AsSpan(EthernetLength, Math.Min(about.Length - EthernetLength, six ? 60 : most))).ToArray();
        return Ip(source, destination, six ? Icmp6Protocol : IcmpProtocol, message);
    }

    /// <summary>A neighbor advertisement.</summary>
    public static byte[] Neighbor(string address, byte station) => Ip(
        IPAddress.Parse(address), IPAddress.Parse("ff02::1"), Icmp6Protocol,
        new ByteMaker(bigEndian: true).Bytes([136, 0, 0, 0, 0x20, 0, 0, 0]).Bytes(IPAddress.Parse(address).GetAddressBytes()).Bytes([2, 1, 2, 0, 0, 0, 0, station]).ToArray());

    /// <summary>An ARP packet by which a station claims an address.</summary>
    public static byte[] Arp(string address, byte station, ushort operation = 2) => new ByteMaker(bigEndian: true)
        .Bytes([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, station]).UInt16(0x0806)
        .UInt16(1).UInt16(0x0800).Bytes([6, 4]).UInt16(operation)
        .Bytes([2, 0, 0, 0, 0, station]).Bytes(IPAddress.Parse(address).GetAddressBytes())
        .Bytes([2, 0, 0, 0, 0, 99]).Bytes([10, 0, 0, 99]).ToArray();

    private static byte[] Ip(IPAddress from, IPAddress to, byte protocol, byte[] payload)
    {
        ByteMaker frame = new(bigEndian: true);
        frame.Bytes([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
        var (source, destination) = (from.GetAddressBytes(), to.GetAddressBytes());
        if (source.Length == 16)
        {
            frame.UInt16(0x86dd).UInt32(0x6000_0000).UInt16((ushort)payload.Length).Bytes([protocol, 64]);
        }
        else
        {
            frame.UInt16(0x0800).UInt16(0x4500).UInt16((ushort)(20 + payload.Length)).UInt32(0x4000).Bytes([64, protocol, 0, 0]);
        }

        return frame.Bytes(source).Bytes(destination).Bytes(payload).ToArray();
    }
}
