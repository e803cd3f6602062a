using System.Net;
using CsCheck;

namespace CaptureFlow.Analysis.Tests;

/// <summary>What ICMP, ARP and neighbor discovery show.</summary>
public sealed class NetworkFindingsTests
{
    private static readonly byte[] Segment = Frames.Tcp(IPEndPoint.Parse("10.0.0.1:40000"), IPEndPoint.Parse("192.0.2.7:443"), 1, 1, TcpFlags.Ack, new byte[1_400]);
    private static readonly byte[] Segment6 = Frames.Tcp(IPEndPoint.Parse("[fd00::1]:40000"), IPEndPoint.Parse("[fd00:9::7]:443"), 1, 1, TcpFlags.Ack, new byte[1_400]);
    private static readonly byte[] Datagram = Frames.Udp(IPEndPoint.Parse("10.0.0.1:40000"), IPEndPoint.Parse("10.0.0.2:8125"), "metric"u8);

    [Theory]
    [InlineData("0123456789abcdef", 4)]
    [InlineData("0123456789abcdef.", 4)]
    [InlineData("0123456789abcdel", 0)]
    [InlineData("0123456789abcde", 0)]
    public async Task Canaries_OfTheCaptureItself_AreCountedAndNotTheUsersFault(string word, int own)
    {
        var canary = Frames.Udp(IPEndPoint.Parse("127.0.0.1:40000"), IPEndPoint.Parse("127.0.0.1:9"), System.Text.Encoding.ASCII.GetBytes(word));
        CaptureMaker capture = new();
        capture.Add(canary);
        capture.Add(Frames.IcmpError("127.0.0.1", "127.0.0.1", 3, 3, 0, canary, most: 64));
        capture.Add(Datagram);
        capture.Add(canary);
        capture.Add(Frames.IcmpError("127.0.0.1", "127.0.0.1", 3, 3, 0, canary, most: 64));

        var card = await Analyze.CaptureAsync(capture);

        Assert.Equal((5, own, own == 0 ? 2 : 1), (card.File.Packets, card.File.OwnPackets, card.ConversationCount));
        Assert.Equal(own == 0, card.Findings.Any(finding => finding.Code == "icmp-unreachable"));
        Assert.Equal(own > 0, card.Summary.StartsWith("1 packet, 1 conversation: nothing wrong", StringComparison.Ordinal));
    }

    public static TheoryData<string, string, string, string, byte[]> Errors => new()
    {
        {
            "icmp-unreachable", "10.0.0.1 → 10.0.0.2:8125 (udp)", "1 time port unreachable, said by 10.0.0.2", "icmp.type == 3 && icmp.code == 3",
            Frames.IcmpError("10.0.0.2", "10.0.0.1", 3, 3, 0, Datagram)
        },
        {
            "icmp-unreachable", "10.0.0.1 → 192.0.2.7:443 (tcp)", "1 time administratively prohibited, said by 10.0.0.254", "icmp.type == 3 && icmp.code == 13",
            Frames.IcmpError("10.0.0.254", "10.0.0.1", 3, 13, 0, Segment)
        },
        {
            "icmp-unreachable", "fd00::1 → [fd00:9::7]:443 (tcp)", "1 time no route, said by fd00::ff", "icmpv6.type == 1 && icmpv6.code == 0",
            Frames.IcmpError("fd00::ff", "fd00::1", 1, 0, 0, Segment6)
        },
        {
            "icmp-packet-too-big", "10.0.0.1 → 192.0.2.7:443 (tcp)", "1 packet too big for the way, which takes at most 1400 bytes, said by 10.0.0.254", "icmp.mtu == 1400",
            Frames.IcmpError("10.0.0.254", "10.0.0.1", 3, 4, 1_400, Segment)
        },
        {
            "icmp-packet-too-big", "fd00::1 → [fd00:9::7]:443 (tcp)", "1 packet too big for the way, which takes at most 1280 bytes, said by fd00::ff", "icmpv6.mtu == 1280",
            Frames.IcmpError("fd00::ff", "fd00::1", 2, 0, 1_280, Segment6)
        },
        {
            "icmp-time-exceeded", "10.0.0.1 → 192.0.2.7:443 (tcp)", "1 time hop limit exceeded on the way, said by 10.0.0.254", "icmp.type == 11",
            Frames.IcmpError("10.0.0.254", "10.0.0.1", 11, 0, 0, Segment)
        },
        {
            "icmp-time-exceeded", "fd00::1 → [fd00:9::7]:443 (tcp)", "1 time hop limit exceeded on the way, said by fd00::ff", "icmpv6.type == 3",
            Frames.IcmpError("fd00::ff", "fd00::1", 3, 0, 0, Segment6)
        },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task Error_OfIcmp_IsFoundWhereTsharkSeesIt(string code, string subject, string says, string filter, byte[] frame)
    {
        Needs.Packages("tshark");
        CaptureMaker capture = new();
        capture.Add(Segment);
        capture.Add(frame);

        var finding = Analyze.Single(await Analyze.CaptureAsync(capture), code);
        using TemporaryFile file = new(capture.ToPcap());
        var seen = Assert.Single(await Tshark.FieldsAsync(file.FullName, filter, "frame.number"));

        Assert.Equal((subject, says), (finding.Subject, finding.Says));
        Assert.Equal([seen[0]], finding.Packets.Select(packet => $"{packet}"));
    }

    [Fact]
    public async Task Address_OfTwoStationsInTurn_IsAConflict_AndTsharkMarksTheSecond()
    {
        Needs.Packages("tshark");
        CaptureMaker capture = new();
        foreach (var station in (byte[])[1, 2, 1, 2])
        {
            capture.Add(Frames.Arp("10.0.0.7", station));
        }

        capture.Add(Frames.Arp("10.0.0.8", 8, operation: 1));
        capture.Add(Frames.Arp("0.0.0.0", 3, operation: 1));
        capture.Add(Frames.Arp("0.0.0.0", 4, operation: 1));

        var card = await Analyze.CaptureAsync(capture);
        using TemporaryFile file = new(capture.ToPcap());
        var seen = (await Tshark.FieldsAsync(file.FullName, "arp.duplicate-address-detected", "frame.number")).Select(row => row[0]).ToList();

        var conflict = Analyze.Single(card, "address-conflict");
        Assert.Equal(("10.0.0.7", "two stations claim the address in turn, 2 times: 02:00:00:00:00:02 and 02:00:00:00:00:01"), (conflict.Subject, conflict.Says));
        Assert.Equal([3, 4], conflict.Packets);
        Assert.Equal([2], Analyze.Single(card, "address-moved").Packets);

        // It marks what comes from any other station than the first.
        Assert.Equal(["2", "4"], seen);
    }

    [Fact]
    public async Task Neighbor_OfTwoStationsInTurn_IsAConflict()
    {
        CaptureMaker capture = new();
        foreach (var station in (byte[])[1, 1, 2, 1])
        {
            capture.Add(Frames.Neighbor("fd00::7", station));
        }

        var conflict = Analyze.Single(await Analyze.CaptureAsync(capture), "address-conflict");

        Assert.Equal("fd00::7", conflict.Subject);
        Assert.Equal([4], conflict.Packets);
    }

    [Fact]
    public async Task MoreAddressesThanAreFollowed_IsSaid()
    {
        CaptureMaker capture = new();
        for (var i = 0; i < 4_100; i++)
        {
            capture.Add(Frames.Arp($"10.0.{i / 250}.{i % 250}", 1));
        }

        var card = await Analyze.CaptureAsync(capture);

        Assert.Contains("Whether two stations claim one address, of 4 claims: only the first 4,096 addresses are followed.", card.CannotSay);
    }

    [Fact(Timeout = 300_000)]
    public async Task Noise_BehindIcmpAndArp_IsACard()
    {
        var ended = TestContext.Current.CancellationToken;
        await Gen.Select(Gen.Int[0, 3], Gen.Byte[0, 16], Gen.Byte[0, 16], Gen.Byte.Array[0, 80]).Array[1, 20].SampleAsync(async all =>
        {
            CaptureMaker capture = new();
            foreach (var (kind, type, code, noise) in all)
            {
                byte[] about = [.. new byte[14], .. noise];
                capture.Add(kind switch
                {
                    0 => Frames.IcmpError("10.0.0.254", "10.0.0.1", type, code, 0x4500_0000, about),
                    1 => Frames.IcmpError("fd00::ff", "fd00::1", type, code, 0x6000_0000, about),
                    2 => Frames.IcmpError("fd00::ff", "fd00::1", 136, code, 0, about),
                    _ => [.. Frames.Arp("10.0.0.7", type)[..Math.Min(42, 14 + noise.Length)], .. noise],
                });
            }

            var card = await Analyze.BytesAsync(capture.ToPcap(), cancellationToken: ended);
            Assert.Equal(all.Length, card.File.Packets);
            Assert.NotEmpty(CardMarkdown.Write(card));
        }, iter: 5_000, threads: 2);
    }
}
