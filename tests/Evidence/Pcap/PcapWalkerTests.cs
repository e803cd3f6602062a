using CsCheck;

namespace CaptureFlow.Evidence.Tests;

public sealed class PcapWalkerTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task WalkAsync_ByteOrderAndPrecision_FindsTheSame(bool bigEndian, bool nanoseconds)
    {
        var scale = nanoseconds ? 1_000u : 1u;
        byte[] file = new PcapBytes(bigEndian, nanoseconds, LinkTypes.Ethernet, 256)
            .Packet(1_700_000_000, 250_000 * scale, new byte[60])
            .Packet(1_700_000_001, 999_999 * scale, new byte[256], wireLength: 1_514);

        var walk = await PcapWalker.WalkAsync(new MemoryStream(file), default);

        Assert.Equal(file.Length, walk.Bytes);
        Assert.Null(walk.Problem);
        Assert.Equal(
            new(1, 256, 2, 316, 1_574, DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000.25), DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_001).AddMicroseconds(999_999), 0),
            walk.Summary);
    }

    [Fact]
    public async Task WalkAsync_HeaderAlone_IsAnEmptyCapture()
    {
        byte[] file = new PcapBytes();

        var walk = await PcapWalker.WalkAsync(new MemoryStream(file), default);

        Assert.Equal(new(276, 262_144, 0, 0, 0, null, null, 0), walk.Summary);
        Assert.Null(walk.Problem);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(65_536)]
    public async Task WalkAsync_StreamInPieces_FindsTheSame(int piece)
    {
        byte[] file = new PcapBytes().Packets(50, 333).Packet(2_000, 1, Make.Noise(PcapReader.LongestRecord)).Packets(3, 10);

        var walk = await PcapWalker.WalkAsync(new DribblingStream(file, piece), default);

        Assert.Equal(await PcapWalker.WalkAsync(new MemoryStream(file), default), walk);
        Assert.Equal(54, walk.Summary?.Packets);
    }

    [Fact]
    public async Task WalkAsync_CutAtEveryByte_CountsWholePacketsAndTheRest()
    {
        const int Data = 40;
        byte[] file = new PcapBytes().Packets(4, Data);

        for (var length = 0; length <= file.Length; length++)
        {
            var walk = await PcapWalker.WalkAsync(new MemoryStream(file, 0, length), default);

            Assert.Equal(length, walk.Bytes);
            if (length < 24)
            {
                Assert.Null(walk.Summary);
                Assert.NotNull(walk.Problem);
            }
            else
            {
                Assert.Equal((length - 24) / (16 + Data), walk.Summary!.Packets);
                Assert.Equal((length - 24) % (16 + Data), walk.Summary.BytesAfterLastRecord);
                Assert.Null(walk.Problem);
            }
        }
    }

    [Theory]
    [InlineData(262_145u)]
    [InlineData(uint.MaxValue)]
    public async Task WalkAsync_RecordLongerThanAny_StopsThereAndSaysSo(uint claimed)
    {
        byte[] file = new PcapBytes().Packets(2, 100).Packet(1, 0, new byte[3_000_000], claimedLength: claimed).Packets(2, 100);

        var walk = await PcapWalker.WalkAsync(new MemoryStream(file), default);

        Assert.Equal(2, walk.Summary!.Packets);
        Assert.Equal(file.Length, walk.Bytes);
        Assert.Equal(file.Length - 24 - (2 * 116), walk.Summary.BytesAfterLastRecord);
        Assert.Contains($"byte 256 claims {claimed} bytes", walk.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("d4c3b2a1", "inside the pcap header")]
    [InlineData("0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000", "pcapng")]
    [InlineData("504b0304000000000000000000000000000000000000000000000000", "0x504b0304")]
    [InlineData("d4c3b2a1030000000000000000000000000004001400000000000000", "version 3.0")]
    public async Task WalkAsync_NoPcap_SaysWhy(string hex, string why)
    {
        var file = Convert.FromHexString(hex);

        var walk = await PcapWalker.WalkAsync(new MemoryStream(file), default);

        Assert.Null(walk.Summary);
        Assert.Contains(why, walk.Problem, StringComparison.Ordinal);
        Assert.Equal(file.Length, walk.Bytes);
    }

    [Fact]
    public async Task WalkAsync_Garbage_AlwaysEndsWithAResult()
    {
        // Half of it behind a valid header, so that the records are garbage too.
        byte[] header = new PcapBytes();
        var garbage = Gen.Select(Gen.Byte.Array[0, 3_000], Gen.Bool, Gen.Int[1, 512]);

        await garbage.SampleAsync(async (bytes, behindHeader, piece) =>
        {
            byte[] file = behindHeader ? [.. header, .. bytes] : bytes;
            var stream = new DribblingStream(file, piece);

            var walk = await PcapWalker.WalkAsync(stream, default);

            Assert.Equal(file.Length, walk.Bytes);
            Assert.InRange(stream.Reads, 1, (file.Length / piece) + 3);
            if (walk.Summary is { } summary)
            {
                Assert.Equal(file.Length, 24 + (16 * summary.Packets) + summary.CapturedBytes + summary.BytesAfterLastRecord);
            }
        });
    }

    [Fact]
    public async Task WalkAsync_ManyPackets_AllocatesNothingPerPacket()
    {
        byte[] file = new PcapBytes().Packets(40_000, 20);
        await PcapWalker.WalkAsync(new MemoryStream(file), default);
        var before = GC.GetAllocatedBytesForCurrentThread();

        await PcapWalker.WalkAsync(new MemoryStream(file), default);

        // A memory stream answers at once, so that all of it runs on this thread.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_000);
    }
}
