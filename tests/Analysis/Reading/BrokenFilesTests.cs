using System.Text;

namespace CaptureFlow.Analysis.Tests;

/// <summary>What is broken ends in a finding that says what and where; what comes before it is looked at.</summary>
public sealed class BrokenFilesTests
{
    private static readonly byte[] Whole = Healthy().ToPcap();
    private static readonly byte[] WholeNg = Healthy().ToPcapng();

    [Theory]
    [InlineData("", "The file is empty")]
    [InlineData("This is a text, and no capture file at all.", "which is no pcap magic")]
    [InlineData("\u001f\u008b\u0008\u0000", "The file is compressed. Unpack it first: gunzip FILE.gz")]
    [InlineData("\u00a1\u00b2\u00cd\u0034\u0000\u0002\u0000\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0001", "Kuznetsov's modified pcap format")]
    [InlineData("\u00a1\u00b2\u00c3\u00d4\u0000\u0002\u0000\u0004\0\0\0\0\0\0\0\0\0\0\0\0\u0000\u0030\0\u0001", "The link type field 0x00300001 has bits set that are reserved")]
    [InlineData("\u00a1\u00b2\u00c3\u00d4\u0000\u0001\u0000\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\u0001", "The file is of pcap version 1.4")]
    public async Task Start_ThatNoCaptureHas_IsNamed(string start, string problem)
    {
        var card = await Analyze.BytesAsync(Encoding.Latin1.GetBytes(start));

        var finding = Assert.Single(card.Findings);
        Assert.Equal((FindingSeverity.Error, "file-unreadable", null), (finding.Severity, finding.Code, finding.FirstAt));
        Assert.Contains(problem, finding.Says, StringComparison.Ordinal);
        Assert.StartsWith("Not a capture file: ", card.Summary, StringComparison.Ordinal);
        Assert.Empty(finding.Packets);
    }

    [Fact]
    public async Task Zeros_BehindTheLastPacket_AreNoPackets() =>
        await StopsAfterTen([.. Whole, .. new byte[4096]], $"There are zeros instead of a record from byte {Whole.Length} on");

    [Fact]
    public async Task SecondFile_JoinedEndToEnd_IsNamed() =>
        await StopsAfterTen([.. Whole, .. Whole], $"Another file begins at byte {Whole.Length}");

    [Fact]
    public async Task Record_LongerThanAnyIs_IsNamed() =>
        await StopsAfterTen([.. Whole, .. new ByteMaker(false).UInt32(1).UInt32(0).UInt32(0x7fff_0000).UInt32(1).ToArray()], $"The record at byte {Whole.Length} claims 2147418112 bytes");

    [Theory]
    [InlineData(6u, 0xfffffff0u, "claims 4294967280 bytes, more than any packet has")]
    [InlineData(6u, 14u, "says that it is 14 bytes long, which no block is")]
    [InlineData(6u, 0u, "says that it is 0 bytes long")]
    [InlineData(0x0a0d0d0au, 28u, "has no byte order magic")]
    public async Task Block_ThatContradictsItself_IsNamed(uint type, uint length, string problem) =>
        await StopsAfterTen([.. WholeNg, .. new ByteMaker(false).UInt32(type).UInt32(length).Bytes(new byte[40]).ToArray()], problem);

    [Fact]
    public async Task Packet_OfAnInterfaceThatIsNotDescribed_IsNamed() =>
        await StopsAfterTen([.. WholeNg, .. PcapngBlocks.Packet(false, 7, 0, [1, 2, 3, 4], 4)], "names interface 7, which the file does not describe");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LastPacket_Cut_IsAWarning(bool pcapng)
    {
        var file = pcapng ? WholeNg : Whole;

        var card = await Analyze.BytesAsync(file[..^7]);

        Assert.Equal((9, false), (card.File.Packets, card.File.ReadToItsEnd));
        Assert.Equal(FindingSeverity.Warning, Analyze.Single(card, "file-cut").Severity);
    }

    [Fact]
    public async Task Times_ThatGoBack_AreANote()
    {
        CaptureMaker capture = new();
        new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:80").Open().Wait(-CaptureMaker.Second).Close();

        var card = await Analyze.CaptureAsync(capture);

        Assert.Equal([4], Analyze.Single(card, "time-goes-back").Packets.Take(1));
        Assert.All(card.Conversations, row => Assert.True(row.Seconds >= 0));
    }

    [Fact]
    public async Task SnapLength_ThatCutPackets_IsSaid()
    {
        CaptureMaker capture = new();
        capture.Add(Frames.Udp(new(1, 1), new(2, 2), new byte[900]), snapLength: 256);

        var card = await Analyze.CaptureAsync(capture);

        Assert.Equal((1, 942), (card.File.CutPackets, card.File.WireBytes));
        Assert.Contains(card.CannotSay, sentence => sentence.Contains("the snap length cut them", StringComparison.Ordinal));
    }

    private static async Task StopsAfterTen(byte[] file, string problem)
    {
        var card = await Analyze.BytesAsync(file);

        var finding = Analyze.Single(card, "file-unreadable");
        Assert.Contains(problem, finding.Says, StringComparison.Ordinal);
        Assert.Equal([10], finding.Packets);
        Assert.Equal((10, false), (card.File.Packets, card.File.ReadToItsEnd));
        Assert.Equal("closed", Assert.Single(card.Conversations).Ending);
        Assert.Equal($"10 packets, 1 conversation: {finding.Says} (the file).", card.Summary);
    }

    private static CaptureMaker Healthy()
    {
        CaptureMaker capture = new();
        Faults.Healthy(capture);
        return capture;
    }
}
