using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class CanaryCountTests
{
    private static readonly string Id = CaptureIds.New();
    private static readonly string Word = Id[CaptureIds.Prefix.Length..];

    [Theory]
    [InlineData(256)]
    [InlineData(64)]
    public async Task Walk_BothCanariesAndTheirAnswers_AreCountedApart(int snap)
    {
        var file = new PcapBytes();
        foreach (var text in new[] { Word, Word + "." })
        {
            Add(file, Udp(text), snap);
            Add(file, Icmp(Udp(text)), snap);
        }

        Add(file, Udp("another packet to nobody"), snap);

        var walk = await PcapWalker.WalkAsync(new MemoryStream(file), default, Id);

        Assert.Equal((5, 4, 1, true, true), (walk.Summary!.Packets, walk.Summary.CanaryPackets, walk.Summary.OthersPackets, walk.Summary.FirstCanary, walk.Summary.LastCanary));
    }

    [Fact]
    public async Task Walk_FirstOnly_IsNotTheLast()
    {
        var file = new PcapBytes();
        Add(file, Udp(Word), 256);

        var walk = await PcapWalker.WalkAsync(new MemoryStream(file), default, Id);

        Assert.Equal((true, false), (walk.Summary!.FirstCanary, walk.Summary.LastCanary));
    }

    [Theory]
    [InlineData("another capture's")]
    [InlineData("another port")]
    [InlineData("from elsewhere")]
    [InlineData("cut before the word")]
    public async Task Walk_LooksLikeOne_IsNone(string how)
    {
        var packet = how == "another capture's" ? Udp(CaptureIds.New()[CaptureIds.Prefix.Length..]) : Udp(Word);
        packet[20 + 23] = how == "another port" ? (byte)53 : packet[20 + 23];
        packet[20 + 15] = how == "from elsewhere" ? (byte)2 : packet[20 + 15];
        var file = new PcapBytes();
        Add(file, packet, how == "cut before the word" ? 50 : 256);

        var walk = await PcapWalker.WalkAsync(new MemoryStream(file), default, Id);

        Assert.Equal((0L, false), (walk.Summary!.CanaryPackets, walk.Summary.FirstCanary));
    }

    private static void Add(PcapBytes file, byte[] packet, int snap) => file.Packet(1, 0, packet.AsSpan(0, Math.Min(snap, packet.Length)), (uint)packet.Length);

    // Linux cooked v2 (20 bytes), IPv4 from and to 127.0.0.1, UDP to port 9.
    private static byte[] Udp(string text) => [.. Cooked, .. Ip(17, 8 + text.Length), 0x9c, 0x40, 0, 9, 0, (byte)(8 + text.Length), 0, 0, .. Encoding.ASCII.GetBytes(text)];

    private static byte[] Icmp(byte[] answered) => [.. Cooked, .. Ip(1, 8 + answered.Length - 20), 3, 3, 0, 0, 0, 0, 0, 0, .. answered.AsSpan(20)];

    private static byte[] Ip(byte protocol, int length) => [0x45, 0, 0, (byte)(20 + length), 0, 0, 0x40, 0, 0x40, protocol, 0, 0, 127, 0, 0, 1, 127, 0, 0, 1];

    private static byte[] Cooked => [8, 0, 0, 0, 0, 0, 0, 1, 3, 4, 4, 6, 0, 0, 0, 0, 0, 0, 0, 0];
}
