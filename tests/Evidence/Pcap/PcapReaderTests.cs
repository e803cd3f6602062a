namespace CaptureFlow.Evidence.Tests;

public sealed class PcapReaderTests
{
    private static readonly byte[] Ip = [0x45, 0, 0, 20];

    [Fact]
    public async Task ReadAsync_Packets_GivesTimesLengthsAndBytes()
    {
        var data = Make.Noise(90);
        byte[] file = new PcapBytes(nanoseconds: true).Packet(10, 123_456_789, data, wireLength: 1_400);

        using var reader = await PcapReader.OpenAsync(new MemoryStream(file));
        var found = await reader.ReadAsync();

        Assert.True(found);
        Assert.Equal(new(false, true, 276, 262_144), reader.Header);
        Assert.Equal((10u, 123_456_789L), (reader.Current.Seconds, reader.Current.Nanoseconds));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(101_234_567), reader.Current.Timestamp);
        Assert.Equal((90, 1_400L), (reader.Current.CapturedLength, reader.Current.WireLength));
        Assert.Equal(data, reader.Current.Data.ToArray());
        Assert.False(await reader.ReadAsync());
        Assert.False(await reader.ReadAsync());
    }

    [Fact]
    public async Task ReadAllAsync_Packets_GivesThemInOrder()
    {
        byte[] file = new PcapBytes().Packets(5, 10);
        List<uint> seconds = [];

        using var reader = await PcapReader.OpenAsync(new DribblingStream(file, 3));
        await foreach (var record in reader.ReadAllAsync())
        {
            seconds.Add(record.Seconds);
        }

        Assert.Equal([1_000u, 1_001u, 1_002u, 1_003u, 1_004u], seconds);
    }

    [Fact]
    public async Task OpenAsync_NoPcap_HasNoHeaderAndNoPackets()
    {
        using var reader = await PcapReader.OpenAsync(new MemoryStream(Make.Noise(100)));

        Assert.Null(reader.Header);
        Assert.NotNull(reader.Problem);
        Assert.False(await reader.ReadAsync());
    }

    [Fact]
    public void TryReadFrame_Sll2_GivesInterfaceAndDirection()
    {
        byte[] data = [0x08, 0x00, 0, 0, 0, 0, 0, 2, 0, 1, 4, 6, 1, 2, 3, 4, 5, 6, 0, 0, .. Ip];

        var read = Record(LinkTypes.LinuxSll2, data).TryReadFrame(out var frame);

        Assert.True(read);
        Assert.Equal((LinkFrame.IPv4, 2, 4), (frame.EtherType, frame.InterfaceIndex, frame.PacketType));
        Assert.Equal(Ip, frame.Payload.ToArray());
    }

    [Fact]
    public void TryReadFrame_Sll_GivesDirection()
    {
        byte[] data = [0, 3, 0, 1, 0, 6, 1, 2, 3, 4, 5, 6, 0, 0, 0x86, 0xdd, .. Ip];

        var read = Record(LinkTypes.LinuxSll, data).TryReadFrame(out var frame);

        Assert.True(read);
        Assert.Equal((LinkFrame.IPv6, null, 3), (frame.EtherType, frame.InterfaceIndex, frame.PacketType));
        Assert.Equal(Ip, frame.Payload.ToArray());
    }

    [Fact]
    public void TryReadFrame_EthernetWithVlanTags_LooksBehindThem()
    {
        byte[] data = [.. new byte[12], 0x88, 0xa8, 0, 1, 0x81, 0x00, 0, 2, 0x08, 0x00, .. Ip];

        var read = Record(LinkTypes.Ethernet, data).TryReadFrame(out var frame);

        Assert.True(read);
        Assert.Equal(LinkFrame.IPv4, frame.EtherType);
        Assert.Equal(Ip, frame.Payload.ToArray());
    }

    [Fact]
    public void TryReadFrame_Raw_TellsVersionsApart()
    {
        Assert.True(Record(LinkTypes.Raw, Ip).TryReadFrame(out var four));
        Assert.True(Record(LinkTypes.RawOfLinux, [0x60, 0]).TryReadFrame(out var six));

        Assert.Equal((LinkFrame.IPv4, LinkFrame.IPv6), (four.EtherType, six.EtherType));
        Assert.Equal(Ip, four.Payload.ToArray());
    }

    [Theory]
    [InlineData(LinkTypes.LinuxSll2, 19)]
    [InlineData(LinkTypes.LinuxSll, 15)]
    [InlineData(LinkTypes.Ethernet, 13)]
    [InlineData(LinkTypes.Raw, 0)]
    [InlineData(147, 100)]
    public void TryReadFrame_CutOrUnknown_IsFalse(int linkType, int length)
    {
        var read = Record(linkType, new byte[length]).TryReadFrame(out _);

        Assert.False(read);
    }

    private static PcapRecord Record(int linkType, byte[] data) => new(linkType, 1, 0, data.Length, data);
}
