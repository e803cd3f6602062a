using CaptureFlow.Functions.Admission;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Functions.Tests.Admission;

/// <summary>A ledger that was lost begins with who runs and who waits, and with what the day has taken.</summary>
public sealed class LedgerRebuildTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon);
    private readonly FakeOrchestrations _runs = new();
    private readonly LedgerRebuild _rebuild;

    public LedgerRebuildTests()
    {
        CaptureQuotas quotas = new() { PerNode = new() { Concurrent = 1 }, PerNamespace = new() { Concurrent = 5, BytesPerDay = 10 << 20 } };
        _rebuild = new(new GateTermsOfPlans(Options.Create(new CapturePolicy()), Options.Create(quotas)), _time);
    }

    public ValueTask DisposeAsync() => _runs.DisposeAsync();

    [Fact]
    public async Task FromRuns_OneRunsOneWaitsOneHasEnded_KnowsEach()
    {
        var (runs, waits, plans, ended) = (Order(1), Order(2), Order(3), Order(4));
        Run(runs, new(CaptureState.Capturing, [LetIn(Noon.AddMinutes(-2))]) { Plan = InShort("node-1") });
        Run(waits, new(CaptureState.Queued, []) { Plan = InShort("node-1"), Queue = new(1, "it", Noon.AddMinutes(-1), Noon.AddMinutes(9)) });
        Run(plans, new(CaptureState.Planning, []));
        var terms = QuotaRules.For(InShort("node-2").For(ended) with { ByteBound = 1 << 20 }, new CaptureQuotas { PerNamespace = new() { BytesPerDay = 10 << 20 } })!;
        _runs.Add(ended, OrchestrationRuntimeStatus.Completed, new()
        {
            CaptureId = ended.CaptureId,
            State = CaptureState.Completed,
            Plan = InShort("node-2").For(ended) with { Admission = terms },
            Evidence = new("there", "capture.pcap", 300, "hash", 1, Verdict.Complete, []),
            Timeline = [LetIn(Noon.AddHours(-1))],
        });

        var state = await _rebuild.FromRunsAsync(_runs, CancellationToken.None);
        var ledger = new AdmissionLedger(state);
        var another = ledger.Take(new(new("cf-00000000000000aa", state.Admitted[0].Claims, true, Noon, Noon.AddHours(1), TimeSpan.FromMinutes(10)), null), Noon);

        Assert.Equal([runs.CaptureId], state.Admitted.Select(capture => capture.CaptureId));
        Assert.Equal([(waits.CaptureId, Noon.AddMinutes(-1))], state.Waiting.Select(waiting => (waiting.Request.CaptureId, waiting.Request.Since)));
        Assert.Equal(runs.Window.ByteBound + 300, Assert.Single(state.Spent).Value);
        Assert.Equal((AdmissionOutcome.Waiting, 2), (another["cf-00000000000000aa"].Outcome, another["cf-00000000000000aa"].Place));
        Assert.Equal(AdmissionOutcome.Admitted, ledger.Take(new(null, new(runs.CaptureId, 10, 0)), Noon)[waits.CaptureId].Outcome);
    }

    [Fact]
    public async Task FromRuns_FleetUnderWay_HoldsItsPlacesAsAWhole()
    {
        FleetOrder fleet = new("cf-00000000000000ff", new("shop", null, "app=web"), Order(1).Window, null, "tests", null, Noon.AddMinutes(-3));
        FleetMember[] members = [new("web-1", "cf-0000000000000011"), new("web-2", "cf-0000000000000012")];
        _runs.Add(nameof(FleetOrchestrator), fleet.CaptureId, fleet, new FleetProgress(CaptureState.Capturing, members, []));
        foreach (var (member, node) in members.Zip((string[])["node-1", "node-2"]))
        {
            Run(fleet.For(member), new(CaptureState.Capturing, []) { Plan = InShort(node) });
        }

        var state = await _rebuild.FromRunsAsync(_runs, CancellationToken.None);

        var held = Assert.Single(state.Admitted);
        Assert.Equal(fleet.CaptureId, held.CaptureId);
        Assert.Equal([("node-1", 1L), ("node-2", 1L)], held.Claims.Where(claim => claim.Scope == QuotaScope.Node).Select(claim => (claim.Name, claim.Amount)));
        Assert.Equal(2, held.Claims.Single(claim => claim is { Scope: QuotaScope.Namespace, Kind: QuotaKind.Concurrent }).Amount);
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    public async Task FromRuns_FleetThatEndedToday_IsBookedWithWhatItsMembersTook(OrchestrationRuntimeStatus ended)
    {
        FleetOrder fleet = new("cf-00000000000000ff", new("shop", null, "app=web"), Order(1).Window, null, "tests", null, Noon.AddMinutes(-30));
        FleetMember[] members = [new("web-1", "cf-0000000000000011"), new("web-2", "cf-0000000000000012")];
        // However it ended, the last that it said of itself is still there.
        _runs.Add(nameof(FleetOrchestrator), fleet.CaptureId, fleet, new FleetProgress(CaptureState.Capturing, members, []), ended);
        foreach (var (member, bytes) in members.Zip((long[])[300, 500]))
        {
            var order = fleet.For(member);
            _runs.Add(order, OrchestrationRuntimeStatus.Completed, new()
            {
                CaptureId = order.CaptureId, State = CaptureState.Completed, Evidence = new("there", "capture.pcap", bytes, "hash", 1, Verdict.Complete, []),
            });
        }

        var state = await _rebuild.FromRunsAsync(_runs, CancellationToken.None);

        Assert.Empty(state.Admitted);
        Assert.Equal(800, Assert.Single(state.Spent).Value);
    }

    [Fact]
    public async Task FromRuns_NothingRuns_IsEmpty()
    {
        var state = await _rebuild.FromRunsAsync(_runs, CancellationToken.None);

        Assert.Empty(state.Admitted);
        Assert.Empty(state.Waiting);
        Assert.Empty(state.Spent);
    }

    private void Run(CaptureOrder order, CaptureProgress progress) => _runs.Add(nameof(CaptureOrchestrator), order.CaptureId, order, progress);

    private static StepRecord LetIn(DateTimeOffset at) => new(CaptureSteps.AwaitAdmission, at, at);

    private static PlanInShort InShort(string node) => new("pod", "uid", node, "image", null);

    private static CaptureOrder Order(int number) => new(
        $"cf-{number:0000000000000000}", new("shop", "web"), new(TimeSpan.FromMinutes(1), CaptureWindow.HeaderSnapLength, 1 << 20), null, "tests", null, Noon.AddMinutes(-5));
}
