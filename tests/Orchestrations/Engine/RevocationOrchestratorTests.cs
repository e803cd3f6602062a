using System.Collections.Concurrent;
using CaptureFlow.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>The reaper's orchestration on the real embedded engine, with fake steps and a clock that runs fast.</summary>
public sealed class RevocationOrchestratorTests : IAsyncLifetime
{
    private static readonly CapturePlan Plan = new(FakeSteps.Order, "pod", "uid", "node", "image", ["tcpdump"], 10, 1000, TimeSpan.FromMinutes(10), "all", [], DateTimeOffset.UnixEpoch);

    private readonly ConcurrentQueue<string> _calls = new();
    private readonly EngineLab _engine;
    private Func<int, StepResult<RevocationProof>> _prove = _ => StepResult.Of(new RevocationProof(true, []));
    private StuckState _state = StuckState.Stuck;

    public RevocationOrchestratorTests() => _engine = new EngineLab(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50)), new DurableRegistry()
        .AddOrchestrator<RevocationOrder, RevocationReport?>(nameof(RevocationOrchestrator), (context, order) => new RevocationOrchestrator().RunAsync(context, order))
        .AddActivity<ProveRequest, StepResult<RevocationProof>>(RevocationSteps.ProveRevocation, (request, _) => Called($"prove {request.Try}", _prove(request.Try)))
        .AddActivity<StuckRequest, StuckSeen>(RevocationSteps.LookAtStuck, (request, _) => Called(request.AskToEnd ? "ask" : "look", new StuckSeen(_state)))
        .AddActivity<string, StuckEnded>(RevocationSteps.EndStuck, (id, _) => Called("end", new StuckEnded(id))));

    public async ValueTask InitializeAsync() => await _engine.StartAsync();

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task Run_ProvenAtTheThirdTry_TellsOfEachTry()
    {
        _prove = count => count < 3 ? StepResult.Fault<RevocationProof>(new CaptureFault("a-code", "It is there.", "Wait.", Detail: "exists")) : StepResult.Of(new RevocationProof(true, []));
        await StartAsync(stuck: false);
        await _engine.PassUntilAsync(() => "two tries", async () => (await _engine.StatusAsync<RevocationTries>(Id))?.Count == 2);
        var waiting = (await _engine.StatusAsync<RevocationTries>(Id))!;

        var report = await EndAsync();

        Assert.Equal("It is there. exists", waiting.LastAnswer);
        Assert.Equal(RevocationOrchestrator.PauseAfter(2), waiting.NextAt - waiting.LastAt);
        Assert.Equal((3, true), (report.Tries.Count, report.Proof!.Proven));
        Assert.NotNull(report.Tries.ProvenAt);
        Assert.Equal(["prove 1", "prove 2", "prove 3"], _calls);
    }

    [Fact]
    public async Task Run_StepThrowsAndMoreTriesThanATurnHas_GoesOn()
    {
        _prove = count => count <= RevocationOrchestrator.TriesPerTurn ? throw new StepUnavailableException("away") : StepResult.Of(new RevocationProof(true, []));
        await StartAsync(stuck: false);

        var report = await EndAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(RevocationOrchestrator.TriesPerTurn + 1, report.Tries.Count);
    }

    [Fact]
    public async Task Run_Stuck_EndedOnlyOnceTheRightsAreGoneAndAskedAboutAgain()
    {
        _prove = count => count < 2 ? StepResult.Fault<RevocationProof>(FakeSteps.Fault) : StepResult.Of(new RevocationProof(true, []));
        await StartAsync(stuck: true);

        var report = await EndAsync(TimeSpan.FromSeconds(20));

        Assert.True(report.Proof!.Proven);
        Assert.Equal(["ask", "look", "prove 1", "prove 2", "end", "prove 3"], _calls);
    }

    [Fact]
    public async Task Run_StuckAndGoesOnByItself_IsLeftAlone()
    {
        _state = StuckState.Moving;
        await StartAsync(stuck: true);

        var report = await EndAsync(TimeSpan.FromSeconds(20));

        Assert.Null(report.Proof);
        Assert.Equal(["ask"], _calls);
    }

    private static string Id => RevocationOrder.InstanceIdOf(FakeSteps.Order.CaptureId);

    private Task<string> StartAsync(bool stuck) => _engine.Client.ScheduleNewOrchestrationInstanceAsync(
        nameof(RevocationOrchestrator), new RevocationOrder(FakeSteps.Order.CaptureId, Plan, [], stuck, new(DateTimeOffset.UnixEpoch, stuck)), new StartOrchestrationOptions(Id));

    private async Task<RevocationReport> EndAsync(TimeSpan? step = null)
    {
        if (step is { } leap)
        {
            await _engine.PassUntilAsync(() => $"the end; called: {string.Join(", ", _calls)}", async () =>
            {
                _engine.Time.Advance(leap);
                return await _engine.Client.GetInstanceAsync(Id, CancellationToken.None) is { IsCompleted: true };
            });
        }

        return await _engine.EndAsync<RevocationReport>(Id, () => $"the end; called: {string.Join(", ", _calls)}");
    }

    private Task<T> Called<T>(string call, T answer)
    {
        _calls.Enqueue(call);
        return Task.FromResult(answer);
    }
}
