using CaptureFlow.Functions.Reaping;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Functions.Tests.Telemetry;

/// <summary>What a run of the reaper tells.</summary>
public sealed class ReaperTelemetryTests : IDisposable
{
    private const string Oldest = MetricNames.OldestLiveGrant;

    private readonly TelemetryParts _parts = new();
    private readonly string _captureId = CaptureIds.New();

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task Sweep_Orphans_CountedAndInTheTraceOfTheirCapture()
    {
        await SweepAsync(new(_parts.Time.GetUtcNow(), [Live(77.5), Live(3)], [Finding("rolebinding", SweepOutcome.Removed), Finding("container", SweepOutcome.Failed)], [], ["default"]));

        var found = _parts.Metrics.Sums(MetricNames.OrphansFound);
        Assert.Equal(1, found["kind=rolebinding,outcome=Removed"]);
        Assert.Equal(1, found["kind=container,outcome=Failed"]);
        var spans = _parts.Spans.Of(_captureId);
        Assert.Equal(2, spans.Count);
        Assert.All(spans, span => Assert.Equal(CaptureTrace.ContextOf(_captureId).TraceId, span.TraceId));
        Assert.Equal(2, _parts.Metrics.Look(MetricNames.LiveGrants)["complete=true"]);
        Assert.Equal(77.5, _parts.Metrics.Look(Oldest)["complete=true"]);
    }

    [Fact]
    public async Task Sweep_CouldNotLookEverywhere_IsNoCompleteOne()
    {
        await SweepAsync(new(_parts.Time.GetUtcNow(), [], [], [Make.Fault], ["default"]));

        var seen = Assert.Single(_parts.Metrics.Look(Oldest));

        Assert.Equal("complete=false", seen.Key);
    }

    [Fact]
    public async Task Sweep_LongAgo_SaysNothing()
    {
        await SweepAsync(new(_parts.Time.GetUtcNow(), [Live(10)], [], [], ["default"]));
        var fresh = _parts.Metrics.Look(Oldest);

        _parts.Time.Advance(TimeSpan.FromMinutes(4));

        Assert.Single(fresh);
        Assert.Empty(_parts.Metrics.Look(Oldest));
    }

    [Fact]
    public async Task Sweep_Next_ReplacesTheLast()
    {
        await SweepAsync(new(_parts.Time.GetUtcNow(), [Live(300)], [], [], ["default"]));
        await SweepAsync(new(_parts.Time.GetUtcNow(), [], [], [], ["default"]));

        Assert.Equal(0, _parts.Metrics.Look(Oldest)["complete=true"]);
    }

    private LiveGrant Live(double seconds) =>
        new("default", "shop", CaptureIds.New(), "ada", null, _parts.Time.GetUtcNow().AddSeconds(-seconds), _parts.Time.GetUtcNow().AddMinutes(5));

    private SweepFinding Finding(string kind, SweepOutcome outcome) => new(kind, "shop", _captureId, _captureId, _parts.Time.GetUtcNow(), outcome, "default");

    private Task SweepAsync(SweepReport report) =>
        new ReaperFunction(new Sweeper(new FakeSite(_parts.Time) { Sweep = report }, _parts.Sweeps, NullLogger<Sweeper>.Instance)).RunAsync(new TimerInfo(), CancellationToken.None);
}
