using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>The caps of the transfer: bytes, stall, time, breaks.</summary>
public sealed class RetrievalBoundsTests : RetrieverTest
{
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

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Retriever(site, Temp.Store).RetrieveAsync(Request(), stopping.Token));

        Assert.Equal(File[..70_000], await StagedAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RetrieveAsync_EndlessStream_StopsAtTheByteBound(bool hasAccount)
    {
        Options.Slack = 1_000;
        FakeSite site = null!;
        site = new(File) { Always = Endless };
        var plan = Plan with { ByteBound = 100_000 };
        var tapped = hasAccount ? Make.Tapped(File) with { Bytes = long.MaxValue } : null;

        var result = await Retriever(site, Temp.Store).RetrieveAsync(new(plan, Make.Grant(plan), tapped), default);

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
        Assert.Equal(Options.BreaksWithoutProgress + 1, site.Offsets.Count);
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
    public async Task RetrieveAsync_Stall_IsACutAndIsRecoveredFrom()
    {
        FakeSite site = null!;
        site = new(File, async (o, s, c) =>
        {
            await site.Gives(40_000)(o, s, c);
            Time.Advance(Options.Stall);
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
                Time.Advance(Options.Stall - TimeSpan.FromSeconds(1));
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
            Time.Advance(Options.LongestRun);
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
        Options.FirstPause = TimeSpan.FromSeconds(1);
        Options.LongestPause = TimeSpan.FromSeconds(4);
        var time = new SkippingTime(longest: Options.LongestPause);
        var site = new FakeSite(File) { Always = (_, _, _) => Task.FromResult<CaptureFault?>(FakeSite.Cut) };

        await Retriever(site, Temp.Store, time).RetrieveAsync(Request(), default);

        Assert.Equal([1, 2, 4, 4, 4, 4], time.Skipped.Select(pause => pause.TotalSeconds));
    }
}
