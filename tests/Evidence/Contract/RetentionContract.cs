using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public abstract class RetentionContract : StoreContractTest
{
    private static readonly RetentionOptions Defaults = new();

    [Fact]
    public async Task SweepAsync_ByAgeAndVerdict_DeletesWhatIsOverAndNothingElse()
    {
        var old = await StoreOfAsync(Verdict.Complete);
        var empty = await StoreOfAsync(Verdict.Empty);

        var early = await Under.Retention().SweepAsync(Rules(days: 6), Make.NoOne, default);
        var week = await Under.Retention().SweepAsync(Rules(days: 8), Make.NoOne, default);
        var month = await Under.Retention().SweepAsync(Rules(days: 31), Make.NoOne, default);

        Assert.Empty(early.Deleted);
        Assert.Equal([empty], week.Deleted);
        Assert.Equal([old], month.Deleted);
        Assert.Null(await Store.TryReadManifestAsync(old, default));
        Assert.Null(await Store.TryOpenFileAsync(old, "capture.pcap", default));
        Assert.Empty(await FindAsync(CaptureFilter.All));
        Assert.False(await Under.HasStagingAsync());
    }

    [Fact]
    public async Task SweepAsync_Off_KeepsForEver()
    {
        await StoreOfAsync(Verdict.Empty);
        var off = new RetentionOptions { Days = 0, DaysByVerdict = new Dictionary<Verdict, int>() };

        var report = await Under.Retention().SweepAsync(off.RulesAt(Make.Noon.AddDays(10_000)), Make.NoOne, default);

        Assert.Empty(report.Deleted);
        Assert.Single(await FindAsync(CaptureFilter.All));
    }

    [Fact]
    public async Task SweepAsync_StagedAndGivenUp_IsDroppedAfterItsTimeOnly()
    {
        await Under.StageAsync(Id, Bytes);
        var now = TimeProvider.System.GetUtcNow();

        var early = await Under.Retention().SweepAsync(Defaults.RulesAt(now.AddHours(23)), Make.NoOne, default);
        var stillThere = await ReadAsync(await Store.TryReadStagedAsync(Id, default));
        var late = await Under.Retention().SweepAsync(Defaults.RulesAt(now.AddHours(25)), Make.NoOne, default);

        Assert.Empty(early.GivenUp);
        Assert.Equal(Bytes, stillThere);
        Assert.Equal([Id], late.GivenUp);
        Assert.Null(await Store.TryReadStagedAsync(Id, default));
        Assert.False(await Under.HasStagingAsync());
    }

    [Fact]
    public async Task SweepAsync_BeingStaged_IsLeftAlone()
    {
        await using var area = await Store.OpenStagingAsync(Id, default);
        await area.AppendAsync(Bytes, default);
        await area.FlushAsync(default);

        var report = await Under.Retention().SweepAsync(Defaults.RulesAt(TimeProvider.System.GetUtcNow().AddDays(3)), Make.NoOne, default);

        Assert.Empty(report.GivenUp);
        Assert.True(await Under.HasStagingAsync());
    }

    [Fact]
    public async Task SweepAsync_CannotBeNoted_IsComeToAgain()
    {
        var id = await StoreOfAsync(Verdict.Complete);
        List<string> told = [];

        await Assert.ThrowsAsync<StepUnavailableException>(() => Under.Retention().SweepAsync(Rules(days: 31), (_, _) => throw new StepUnavailableException("Away."), default));
        var report = await Under.Retention().SweepAsync(
            Rules(days: 31),
            (deleted, _) =>
            {
                told.Add(deleted);
                return Task.CompletedTask;
            },
            default);
        var after = await Under.Retention().SweepAsync(Rules(days: 32), Make.NoOne, default);

        Assert.Equal([id], told);
        Assert.Equal([id], report.Deleted);
        Assert.Empty(after.Deleted);
    }

    [Fact]
    public async Task SweepAsync_NothingThere_DoesNothing()
    {
        var report = await Under.Retention().SweepAsync(Rules(days: 31), Make.NoOne, default);

        Assert.Equal(0, report.Deleted.Count + report.Held.Count + report.GivenUp.Count);
    }

    private static RetentionRules Rules(int days) => Defaults.RulesAt(Make.Noon.AddDays(days));

    private async Task<string> StoreOfAsync(Verdict verdict)
    {
        var id = CaptureIds.New();
        await Under.StageAsync(id, Bytes);
        var manifest = Manifest(Bytes, id);
        await StoreAsync(manifest with { Evidence = manifest.Evidence with { Verdict = verdict } });
        return id;
    }
}
