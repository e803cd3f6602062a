using System.Text.Json;

namespace CaptureFlow.Analysis.Tests;

/// <summary>The same packets make the same card, in whichever format and byte order they are.</summary>
public sealed class FormatsTests
{
    public static TheoryData<string> Formats => ["pcap-be", "pcapng-le", "pcapng-be", "pcapng-2^-33"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Card_OfTheSamePackets_IsTheSame(string format)
    {
        var capture = Faults.All();

        var expected = await Analyze.BytesAsync(capture.ToPcap());
        var card = await Analyze.BytesAsync(format switch
        {
            "pcap-be" => capture.ToPcap(bigEndian: true),
            "pcapng-le" => capture.ToPcapng(),
            "pcapng-be" => capture.ToPcapng(bigEndian: true),
            _ => capture.ToPcapng(resolution: 0x80 | 33),
        });

        Assert.True(card.File.ReadToItsEnd);
        Assert.Equal(format.Split('-')[0], card.File.Format);
        Assert.Equal(WithoutFile(expected), WithoutFile(card));
    }

    [Fact]
    public async Task Pcapng_WithoutResolution_CountsMicroseconds()
    {
        CaptureMaker capture = new() { Time = (1_772_625_600 * CaptureMaker.Second) + (400 * CaptureMaker.Millisecond) };
        capture.Add(Frames.Udp(new(1, 1), new(2, 2), "x"u8));

        var card = await Analyze.BytesAsync(capture.ToPcapng(resolution: null));

        Assert.Equal(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(400_100), card.File.FirstAt);
    }

    [Fact]
    public async Task Pcapng_OtherBlocksAndSecondSection_ArePassedOver()
    {
        var capture = Faults.All();
        var file = capture.ToPcapng();
        byte[] whole = [.. file, .. PcapngBlocks.Block(false, 5, body => body.Bytes(new byte[40])), .. LongBlock(), .. capture.ToPcapng(bigEndian: true)];

        var card = await Analyze.BytesAsync(whole);

        Assert.Null(card.File.Problem);
        Assert.Equal(capture.Count * 2, card.File.Packets);
    }

    [Fact]
    public async Task Pcapng_SimplePackets_AreRead()
    {
        var frame = Frames.Udp(new(1, 1), new(2, 2), "x"u8);
        byte[] file =
        [
            .. PcapngBlocks.Section(false), .. PcapngBlocks.Interface(false, 1, 9),
            .. PcapngBlocks.Block(false, 3, body => body.UInt32((uint)frame.Length).Bytes(frame)),
        ];

        var card = await Analyze.BytesAsync(file);

        Assert.Equal((1, 1, (long)frame.Length), (card.File.Packets, card.ConversationCount, card.File.WireBytes));
    }

    // Longer than the buffer, and of a kind that holds no packets.
    private static byte[] LongBlock() => PcapngBlocks.Block(false, 0x0bad, body => body.Bytes(new byte[3 << 20]));

    private static string WithoutFile(TriageCard card) => JsonSerializer.Serialize(card with { File = new(null, 0, 0, 0, 0, 0, null, null, true, null) });
}
