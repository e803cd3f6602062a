using System.Net;
using CaptureFlow.Evidence;

namespace CaptureFlow.Analysis.Tests;

/// <summary>A connection is found behind every header that a node or a pod puts in front of it.</summary>
public sealed class DissectorTests
{
    private const int EthernetLength = 14;
    private static readonly IPEndPoint One = IPEndPoint.Parse("10.0.0.1:40000");
    private static readonly IPEndPoint Other = IPEndPoint.Parse("10.0.0.2:80");
    private static readonly IPAddress Node = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress OtherNode = IPAddress.Parse("192.0.2.2");

    public static TheoryData<string> Wrappings => ["vlan", "qinq", "pppoe", "mpls", "ip-in-ip", "ipv6-in-ip", "gre", "gre-ethernet", "vxlan", "geneve"];

    [Theory]
    [MemberData(nameof(Wrappings))]
    public async Task Tcp_InAWrapping_IsFound(string wrapping)
    {
        var card = await CardOf(Wrap(wrapping), LinkTypes.Ethernet);

        var row = Assert.Single(card.Conversations);
        Assert.Equal(wrapping == "ipv6-in-ip" ? ("tcp", "[fd00::1]:40000") : ("tcp", "10.0.0.1:40000"), (row.Protocol, row.Client));
    }

    [Theory]
    [InlineData(LinkTypes.Raw, "")]
    [InlineData(LinkTypes.RawOfLinux, "")]
    [InlineData(LinkTypes.IPv4, "")]
    [InlineData(LinkTypes.Null, "02000000")]
    [InlineData(LinkTypes.Loop, "00000002")]
    [InlineData(LinkTypes.LinuxSll, "00000001000602000000000100000800")]
    [InlineData(LinkTypes.LinuxSll, "0000000100060200000000010000810000070800")]
    [InlineData(LinkTypes.LinuxSll2, "0800000000000003000100060200000000010000")]
    [InlineData(LinkTypes.LinuxSll2, "810000000000000300010006020000000001000000070800")]
    public async Task Tcp_BehindALinkHeader_IsFound(int linkType, string header)
    {
        var card = await CardOf([.. Convert.FromHexString(header), .. Inner()], linkType);

        Assert.Equal("10.0.0.1:40000", Assert.Single(card.Conversations).Client);
    }

    [Fact]
    public async Task LinkType_ThatIsNotTakenApart_IsSaid()
    {
        var card = await CardOf([1, 2, 3, 4], 105);

        Assert.Empty(card.Conversations);
        Assert.Contains("What is in 1 packet of link type 105, which is not taken apart.", card.CannotSay);
    }

    [Fact]
    public async Task Tunnel_InTunnelsWithoutEnd_IsMalformed()
    {
        var packet = Inner();
        for (var i = 0; i < 8; i++)
        {
            packet = Ip(4, packet);
        }

        var card = await CardOf(packet, LinkTypes.Raw);

        Assert.Empty(card.Conversations);
        Assert.Contains("What is in 1 packet with headers that are cut or contradict themselves.", card.CannotSay);
    }

    [Fact]
    public async Task Fragments_AreCountedAndNotPutTogether()
    {
        var first = Inner();
        first[6] = 0x20;
        var second = Inner();
        second[7] = 4;
        CaptureMaker capture = new();
        capture.Add(first);
        capture.Add(second);

        var card = await Analyze.BytesAsync(capture.ToPcap(linkType: LinkTypes.Raw));

        Assert.Equal(1, Assert.Single(card.Conversations).Packets);
        Assert.Contains("What 2 IP fragments carry: they are counted, and not put together.", card.CannotSay);
    }

    private static byte[] Wrap(string wrapping)
    {
        var whole = Frames.Tcp(One, Other, 1, 0, TcpFlags.Syn);
        return wrapping switch
        {
            "vlan" => Frame(0x8100, [0, 7, 8, 0, .. Inner()]),
            "qinq" => Frame(0x88a8, [0, 7, 0x81, 0, 0, 8, 8, 0, .. Inner()]),
            "pppoe" => Frame(0x8864, [0x11, 0, 0, 1, 0, (byte)(Inner().Length + 2), 0, 0x21, .. Inner()]),
            "mpls" => Frame(0x8847, [0, 1, 0, 64, 0, 2, 1, 64, .. Inner()]),
            "ip-in-ip" => Frame(0x0800, Ip(4, Inner())),
            "ipv6-in-ip" => Frame(0x0800, Ip(41, Frames.Tcp(IPEndPoint.Parse("[fd00::1]:40000"), IPEndPoint.Parse("[fd00::2]:80"), 1, 0, TcpFlags.Syn)[EthernetLength..])),
            "gre" => Frame(0x0800, Ip(47, [0x20, 0, 8, 0, 0, 0, 0, 9, .. Inner()])),
            "gre-ethernet" => Frame(0x0800, Ip(47, [0, 0, 0x65, 0x58, .. whole])),
            "vxlan" => Frames.Udp(new(Node, 55_555), new(OtherNode, 4_789), [8, 0, 0, 0, 0, 0, 1, 0, .. whole]),
            _ => Frames.Udp(new(Node, 55_555), new(OtherNode, 6_081), [1, 0, 0x65, 0x58, 0, 0, 1, 0, 1, 2, 3, 4, .. whole]),
        };
    }

    private static byte[] Inner() => Frames.Tcp(One, Other, 1, 0, TcpFlags.Syn)[EthernetLength..];

    private static byte[] Frame(ushort etherType, byte[] payload) => new ByteMaker(bigEndian: true).Bytes(new byte[12]).UInt16(etherType).Bytes(payload).ToArray();

    private static byte[] Ip(byte protocol, byte[] payload) => new ByteMaker(bigEndian: true)
        .UInt16(0x4500).UInt16((ushort)(20 + payload.Length)).UInt32(0).Bytes([64, protocol, 0, 0]).Bytes(Node.GetAddressBytes()).Bytes(OtherNode.GetAddressBytes()).Bytes(payload).ToArray();

    private static async Task<TriageCard> CardOf(byte[] packet, int linkType)
    {
        CaptureMaker capture = new();
        capture.Add(packet);
        return await Analyze.BytesAsync(capture.ToPcap(linkType: linkType));
    }
}
