using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class EvidenceRetrieverTests : RetrieverTest
{
    [Fact]
    public async Task RetrieveAsync_WholeFile_IsCompleteAndStaged()
    {
        var result = await RetrieveAsync(new FakeSite(File));

        Assert.True(result.Succeeded);
        Assert.Equal(new(File.Length, Make.Sha256(File), true, 0), result.Value);
        Assert.Equal(File, await StagedAsync());
    }

    [Fact]
    public async Task RetrieveAsync_EmptyFile_IsCompleteWithoutReading()
    {
        var site = new FakeSite([]);

        var result = await RetrieveAsync(site, Make.Tapped([]));

        Assert.True(result.Value?.Complete);
        Assert.Empty(site.Offsets);
    }

    [Fact]
    public async Task RetrieveAsync_CutThreeTimes_GoesOnAtTheFirstMissingByteAndMatches()
    {
        FakeSite site = null!;
        site = new(
            File,
            (o, s, c) => site.Gives(50_000, FakeSite.Cut)(o, s, c),
            (o, s, c) => site.Gives(30_001, thrown: new IOException("reset by peer"))(o, s, c),
            (o, s, c) => site.Gives(20_000)(o, s, c));

        var result = await RetrieveAsync(site);

        Assert.True(result.Succeeded);
        Assert.Equal([0, 50_000, 80_001, 100_001], site.Offsets);
        Assert.Equal(new(File.Length, Make.Sha256(File), true, 3), result.Value);
        Assert.Equal(File, await StagedAsync());
    }

    [Fact]
    public async Task RetrieveAsync_ProcessDiedHalfWay_NewRunGoesOnAndMatches()
    {
        await Temp.StageAsync(Plan.Order.CaptureId, File.AsMemory(0, 123_456));
        var site = new FakeSite(File);

        var result = await RetrieveAsync(site, store: Temp.Open());

        Assert.Equal([123_456], site.Offsets);
        Assert.Equal(new(File.Length, Make.Sha256(File), true, 1), result.Value);
    }

    [Fact]
    public async Task RetrieveAsync_CorruptOnce_FetchesAgainFromByteZero()
    {
        FakeSite site = null!;
        site = new(File, async (_, s, c) =>
        {
            byte[] corrupt = [.. File];
            corrupt[99_999] ^= 1;
            await site.SendAsync(corrupt, s, c);
            return null;
        });

        var result = await RetrieveAsync(site);

        Assert.True(result.Succeeded);
        Assert.Equal([0, 0], site.Offsets);
        Assert.Equal(File, await StagedAsync());
    }

    [Fact]
    public async Task RetrieveAsync_CorruptTwice_IsAMismatchAndKeepsTheBytes()
    {
        var site = new FakeSite(File);

        var result = await RetrieveAsync(site, Make.Tapped(File) with { Sha256 = Make.Sha256([]) });

        Assert.False(result.Succeeded);
        Assert.Equal(FaultCodes.FileMismatch, Assert.Single(result.Faults).Code);
        Assert.Equal(new(File.Length, Make.Sha256(File), false, 1), result.Value);
        Assert.Equal([0, 0], site.Offsets);
    }

    [Fact]
    public async Task RetrieveAsync_LongerThanItsAccount_IsAMismatch()
    {
        var result = await RetrieveAsync(new FakeSite(File), Make.Tapped(File.AsSpan(0, 150_000)));

        Assert.Equal(FaultCodes.FileMismatch, Assert.Single(result.Faults).Code);
        Assert.Equal(150_000, result.Value?.Bytes);
        Assert.Equal(File[..150_000], await StagedAsync());
    }

    [Fact]
    public async Task RetrieveAsync_CleanEndTooEarly_IsTakenForACut()
    {
        FakeSite site = null!;
        site = new(File) { Always = (o, s, c) => site.Gives(o == 0 ? 60_000 : 0)(o, s, c) };

        var result = await RetrieveAsync(site);

        Assert.Equal(FaultCodes.TransferCut, Assert.Single(result.Faults).Code);
        Assert.Contains("byte 60000 of 200000", result.Faults[0].Message, StringComparison.Ordinal);
        Assert.Equal(File[..60_000], await StagedAsync());
    }

    [Theory]
    [InlineData(FaultCodes.PodGone)]
    [InlineData(FaultCodes.TapGone)]
    public async Task RetrieveAsync_PodGone_KeepsWhatCameAndDoesNotAskAgain(string code)
    {
        FakeSite site = null!;
        site = new(File) { Always = (o, s, c) => site.Gives(60_000, FakeSite.Cut with { Code = code })(o, s, c) };

        var result = await RetrieveAsync(site);

        Assert.False(result.Succeeded);
        Assert.Equal(code, Assert.Single(result.Faults).Code);
        Assert.Equal(new(60_000, Make.Sha256(File.AsSpan(0, 60_000)), false, 0), result.Value);
        Assert.Single(site.Offsets);
    }

    [Fact]
    public async Task RetrieveAsync_NoAccount_FetchesAllAndSaysThatItIsUnchecked()
    {
        var result = await Retriever(new FakeSite(File), Temp.Store).RetrieveAsync(new(Plan, Make.Grant(Plan), null) { Unread = "exec is frozen" }, default);

        Assert.Equal((FaultCodes.CaptureUnfinished, "exec is frozen"), (Assert.Single(result.Faults).Code, result.Faults[0].Detail));
        Assert.Equal(new(File.Length, Make.Sha256(File), false, 0), result.Value);
    }

    [Fact]
    public async Task RetrieveAsync_AnotherRunIsAtIt_IsUnavailable()
    {
        await using var other = await Temp.Open().OpenStagingAsync(Plan.Order.CaptureId, default);

        await Assert.ThrowsAsync<StepUnavailableException>(() => RetrieveAsync(new FakeSite(File)));
    }

    [Fact]
    public async Task RetrieveAsync_StoreRefusesHalfWay_IsAFaultWithWhatIsStaged()
    {
        var file = Make.Noise(3 * StagingBuffer.BlockBytes);
        var store = new FullStore(Temp.Store, (5 * StagingBuffer.BlockBytes) / 2);

        var result = await Retriever(new FakeSite(file), store).RetrieveAsync(Request(Make.Tapped(file)), default);

        Assert.Equal(FaultCodes.StoreRefused, Assert.Single(result.Faults).Code);
        var kept = file.AsSpan(0, 2 * StagingBuffer.BlockBytes).ToArray();
        Assert.Equal((kept.Length, Make.Sha256(kept)), (result.Value?.Bytes, result.Value?.Sha256));
        Assert.Equal(kept, await StagedAsync());
    }
}
