using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Evidence.Tests;

public sealed class EvidenceRetrieverTests : IDisposable
{
    private static readonly byte[] File = Make.Noise(200_000);
    private readonly TempStore _temp = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CapturePlan _plan = Make.Plan();
    private readonly RetrievalOptions _options = new() { FirstPause = TimeSpan.Zero };

    public void Dispose() => _temp.Dispose();

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
        await _temp.StageAsync(_plan.Order.CaptureId, File.AsMemory(0, 123_456));
        var site = new FakeSite(File);

        var result = await RetrieveAsync(site, store: _temp.Open());

        Assert.Equal([123_456], site.Offsets);
        Assert.Equal(new(File.Length, Make.Sha256(File), true, 1), result.Value);
    }

    [Fact]
    public async Task RetrieveAsync_HostStops_KeepsWhatIsStaged()
    {
        using var stopping = new CancellationTokenSource();
        FakeSite site = null!;
        site = new(File, async (o, s, c) =>
        {
            await site.Gives(70_000)(o, s, c);
            await stopping.CancelAsync();
            throw new OperationCanceledException(c);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Retriever(site, _temp.Store).RetrieveAsync(Request(), stopping.Token));

        Assert.Equal(File[..70_000], await StagedAsync());
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RetrieveAsync_EndlessStream_StopsAtTheByteBound(bool hasAccount)
    {
        _options.Slack = 1_000;
        FakeSite site = null!;
        site = new(File) { Always = Endless };
        var plan = _plan with { ByteBound = 100_000 };
        var tapped = hasAccount ? Make.Tapped(File) with { Bytes = long.MaxValue } : null;

        var result = await Retriever(site, _temp.Store).RetrieveAsync(new(plan, Make.Grant(plan), tapped), default);

        Assert.Equal(FaultCodes.FileMismatch, Assert.Single(result.Faults).Code);
        Assert.Equal(101_000, result.Value?.Bytes);
        Assert.Equal(101_000, (await StagedAsync()).Length);

        async Task<CaptureFault?> Endless(long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
        {
            while (true)
            {
                await site.SendAsync(File, sink, cancellationToken);
            }
        }
    }

    [Fact]
    public async Task RetrieveAsync_NothingComesEver_GivesUpAfterSoManyBreaks()
    {
        var site = new FakeSite(File) { Always = (_, _, _) => Task.FromResult<CaptureFault?>(FakeSite.Cut) };

        var result = await RetrieveAsync(site);

        Assert.Equal(FakeSite.Cut, Assert.Single(result.Faults));
        Assert.Equal(_options.BreaksWithoutProgress + 1, site.Offsets.Count);
        Assert.Equal(0, result.Value?.Bytes);
    }

    [Fact]
    public async Task RetrieveAsync_ManyBreaksWithProgress_DoesNotGiveUp()
    {
        FakeSite site = null!;
        site = new(File) { Always = (o, s, c) => site.Gives(5_000, FakeSite.Cut)(o, s, c) };

        var result = await RetrieveAsync(site);

        Assert.True(result.Succeeded);
        Assert.Equal(40, site.Offsets.Count);
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
        var result = await Retriever(new FakeSite(File), _temp.Store).RetrieveAsync(new(_plan, Make.Grant(_plan), null), default);

        Assert.Equal(FaultCodes.CaptureUnfinished, Assert.Single(result.Faults).Code);
        Assert.Equal(new(File.Length, Make.Sha256(File), false, 0), result.Value);
    }

    [Fact]
    public async Task RetrieveAsync_Stall_IsACutAndIsRecoveredFrom()
    {
        FakeSite site = null!;
        site = new(File, async (o, s, c) =>
        {
            await site.Gives(40_000)(o, s, c);
            _time.Advance(_options.Stall);
            await Task.Delay(Timeout.Infinite, c);
            return null;
        });

        var result = await RetrieveAsync(site);

        Assert.Equal([0, 40_000], site.Offsets);
        Assert.True(result.Value?.Complete);
    }

    [Fact]
    public async Task RetrieveAsync_SlowButSteady_IsNoStall()
    {
        var site = new FakeSite(File) { Piece = 50_000, Always = null };
        FakeSite slow = new(File, async (offset, sink, token) =>
        {
            await site.SendAsync(File, async (bytes, t) =>
            {
                _time.Advance(_options.Stall - TimeSpan.FromSeconds(1));
                await sink(bytes, t);
            }, token);
            return null;
        });

        var result = await RetrieveAsync(slow);

        Assert.True(result.Value?.Complete);
        Assert.Single(slow.Offsets);
    }

    [Fact]
    public async Task RetrieveAsync_TimeIsUp_ReturnsWithoutFaultToBeCalledAgain()
    {
        FakeSite site = null!;
        site = new(File, async (o, s, c) =>
        {
            await site.Gives(80_000)(o, s, c);
            _time.Advance(_options.LongestRun);
            await Task.Delay(Timeout.Infinite, c);
            return null;
        });

        var first = await RetrieveAsync(site);
        var second = await RetrieveAsync(site);

        Assert.Empty(first.Faults);
        Assert.Equal((80_000L, false), (first.Value!.Bytes, first.Value.Complete));
        Assert.Equal(new(File.Length, Make.Sha256(File), true, 1), second.Value);
    }

    [Fact]
    public async Task RetrieveAsync_PausesBetweenBreaks_GrowAndAreBounded()
    {
        _options.FirstPause = TimeSpan.FromSeconds(1);
        _options.LongestPause = TimeSpan.FromSeconds(4);
        List<double> at = [];
        var site = new FakeSite(File)
        {
            Always = (_, _, _) =>
            {
                at.Add((_time.GetUtcNow() - _time.Start).TotalSeconds);
                return Task.FromResult<CaptureFault?>(FakeSite.Cut);
            },
        };

        var running = RetrieveAsync(site);
        for (var i = 0; i < 100_000 && !running.IsCompleted; i++)
        {
            // The pause before it, not the clock, decides how far time has come: half-second steps at the pace of the code under test.
            _time.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Yield();
        }

        await running;
        var pauses = at.Zip(at.Skip(1), (a, b) => b - a).ToList();
        Assert.Equal(_options.BreaksWithoutProgress, pauses.Count);
        Assert.All(pauses.Zip([1, 2, 4, 4, 4, 4]), pair => Assert.True(pair.First >= pair.Second, $"{pair.First} < {pair.Second}"));
    }

    [Fact]
    public async Task RetrieveAsync_AnotherRunIsAtIt_IsUnavailable()
    {
        await using var other = await _temp.Open().OpenStagingAsync(_plan.Order.CaptureId, default);

        await Assert.ThrowsAsync<StepUnavailableException>(() => RetrieveAsync(new FakeSite(File)));
    }

    [Fact]
    public async Task RetrieveAsync_StoreRefusesHalfWay_IsAFaultWithWhatIsStaged()
    {
        var store = new FullStore(_temp.Store, 90_000);

        var result = await Retriever(new FakeSite(File), store).RetrieveAsync(Request(), default);

        Assert.Equal(FaultCodes.StoreRefused, Assert.Single(result.Faults).Code);
        Assert.Equal(84_000, result.Value?.Bytes);
        Assert.Equal(File[..84_000], await StagedAsync());
    }

    private RetrieveRequest Request(TapSummary? tapped = null) => new(_plan, Make.Grant(_plan), tapped ?? Make.Tapped(File));

    private Task<StepResult<RetrievedFile>> RetrieveAsync(ICaptureSite site, TapSummary? tapped = null, ICaptureStore? store = null) =>
        Retriever(site, store ?? _temp.Store).RetrieveAsync(Request(tapped), default);

    private EvidenceRetriever Retriever(ICaptureSite site, ICaptureStore store) =>
        new(site, store, Options.Create(_options), _time, NullLogger<EvidenceRetriever>.Instance);

    private async Task<byte[]> StagedAsync()
    {
        await using var staged = await _temp.Store.TryReadStagedAsync(_plan.Order.CaptureId, default);
        using var bytes = new MemoryStream();
        await (staged ?? Stream.Null).CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
