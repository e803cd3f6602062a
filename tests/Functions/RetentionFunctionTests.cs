using CaptureFlow.Evidence;
using CaptureFlow.Functions.Reaping;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Functions.Tests;

public sealed class RetentionFunctionTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(FakeEvidence.Noon);
    private readonly FakeOrchestrations _orchestrations = new();

    public ValueTask DisposeAsync() => _orchestrations.DisposeAsync();

    [Fact]
    public async Task Run_Defaults_SweepsAndPurgesWhatEndedThirtyDaysAgo()
    {
        var evidence = new FakeEvidence();

        await RunAsync(evidence, new());

        var rules = Assert.Single(evidence.Sweeps);
        Assert.Equal((30, 7, 30), (rules.Days[Verdict.Complete], rules.Days[Verdict.Empty], rules.Days[Verdict.Failed]));
        Assert.Equal(TimeSpan.FromDays(7), rules.Shortest);
        var purge = Assert.Single(_orchestrations.Purges);
        Assert.Equal(FakeEvidence.Noon.AddDays(-30), purge.CreatedTo);
        Assert.DoesNotContain(OrchestrationRuntimeStatus.Running, purge.Statuses!);
        Assert.Equal(3, purge.Statuses!.Count());
    }

    [Fact]
    public async Task Run_PurgeCutShort_GoesOnAFewTimes()
    {
        foreach (var isComplete in new[] { false, false, true })
        {
            _orchestrations.PurgeResults.Enqueue(new(5, isComplete));
        }

        await RunAsync(new(), new());

        Assert.Equal(3, _orchestrations.Purges.Count);
    }

    [Fact]
    public async Task Run_HistoryOff_PurgesNothing()
    {
        await RunAsync(new(), new() { HistoryDays = 0 });

        Assert.Empty(_orchestrations.Purges);
    }

    [Fact]
    public async Task Run_CaptureDeleted_IsNotedInItsLog()
    {
        var evidence = new FakeEvidence { Deletes = { CaptureIds.New() } };

        await RunAsync(evidence, new());

        Assert.Equal((CustodyEvents.Deleted, FakeEvidence.Noon), (Assert.Single(evidence.Noted).Event, evidence.Noted[0].At));
    }

    [Fact]
    public async Task Run_LogIsHeld_GoesOnWithTheNext()
    {
        var evidence = new FakeEvidence { Deletes = { CaptureIds.New(), CaptureIds.New() }, Fails = new StoreRefusedException(new(FaultCodes.StoreRefused, "Held.", "Do.")) };

        await RunAsync(evidence, new());

        Assert.Equal(2, evidence.Noted.Count);
    }

    [Fact]
    public async Task Run_StoreIsAwayAsOneIsNoted_EndsThere()
    {
        var evidence = new FakeEvidence { Deletes = { CaptureIds.New(), CaptureIds.New() }, Fails = new StepUnavailableException("Away.") };

        await RunAsync(evidence, new());

        Assert.Single(evidence.Noted);
        Assert.Single(_orchestrations.Purges);
    }

    [Fact]
    public async Task Run_MoreThanFourMinutes_StillPurges()
    {
        var evidence = new FakeEvidence { Hangs = new() };

        var run = RunAsync(evidence, new());
        await evidence.Hangs.Task;
        _time.Advance(TimeSpan.FromMinutes(4));
        await run;

        Assert.Single(_orchestrations.Purges);
    }

    [Fact]
    public async Task Run_StoreRefuses_StillPurges()
    {
        await RunAsync(new() { Fails = new StoreRefusedException(new(FaultCodes.StoreRefused, "No.", "Do.")) }, new());
        await RunAsync(new() { Fails = new StepUnavailableException("Away.") }, new());

        Assert.Equal(2, _orchestrations.Purges.Count);
    }

    private Task RunAsync(FakeEvidence evidence, RetentionOptions options) =>
        new RetentionFunction(evidence, evidence, Options.Create(options), _time, NullLogger<RetentionFunction>.Instance).RunAsync(new(), _orchestrations, default);
}
