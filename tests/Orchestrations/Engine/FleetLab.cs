using System.Collections.Concurrent;
using CaptureFlow.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>Fleet and capture orchestrators on the real embedded engine, with a fake step for each pod and a clock that runs fast.</summary>
internal sealed class FleetLab : IAsyncDisposable
{
    public static readonly FleetOrder Order = new(
        "cf-ffffffffffffffff", new FleetTarget("shop", null, "app=web"), new CaptureWindow(TimeSpan.FromSeconds(30), 256, 1 << 20), null, "tests", null, DateTimeOffset.UnixEpoch);

    private static readonly CaptureFault Fault = new("a-code", "It failed.", "Mend it.");
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly EngineLab _engine;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _listening = new();

    public FleetLab(params string[] pods)
    {
        Plan = StepResult.Of(new FleetPlan([.. pods.Select(pod => FleetMember.Of(Order.CaptureId, Order.RequestedAt, pod, $"uid of {pod}"))], []));
        _engine = new EngineLab(_time, Registry());
    }

    public StepResult<FleetPlan> Plan { get; set; }

    /// <summary>What resolving waits for.</summary>
    public Task Resolving { get; init; } = Task.CompletedTask;

    /// <summary>How long the tap of a pod takes to listen; null for one that never does.</summary>
    public Func<string, TimeSpan?> AttachTakes { get; set; } = _ => TimeSpan.Zero;

    /// <summary>What was asked of the pods' taps at their end.</summary>
    public ConcurrentDictionary<string, (bool StopNow, DateTimeOffset At)> Finished { get; } = new();

    public IReadOnlyDictionary<string, DateTimeOffset> Listening => _listening;

    public async Task StartAsync()
    {
        await _engine.StartAsync();
        await _engine.Client.ScheduleNewOrchestrationInstanceAsync(nameof(FleetOrchestrator), Order, new StartOrchestrationOptions(Order.CaptureId));
    }

    public Task RaiseAsync(string eventName) => _engine.Client.RaiseEventAsync(Order.CaptureId, eventName, new EndRequest("tests"));

    public Task PassUntilAsync(string what, Func<Task<bool>> condition) => _engine.PassUntilAsync(() => what, condition);

    public Task<FleetProgress?> ProgressAsync() => _engine.StatusAsync<FleetProgress>(Order.CaptureId);

    public Task<FleetReport> EndAsync() => _engine.EndAsync<FleetReport>(Order.CaptureId, () => "the end");

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private DurableRegistry Registry() => new DurableRegistry()
        .AddOrchestrator<FleetOrder, FleetReport>(nameof(FleetOrchestrator), (context, order) => new FleetOrchestrator().RunAsync(context, order))
        .AddOrchestrator<CaptureOrder, CaptureReport>(nameof(CaptureOrchestrator), (context, order) => new CaptureOrchestrator().RunAsync(context, order))
        .AddActivity<FleetOrder, StepResult<FleetPlan>>(CaptureSteps.ResolveTarget, async (_, _) =>
        {
            await Resolving;
            return Plan;
        })
        .AddActivity<CaptureOrder, StepResult<CapturePlan>>(CaptureSteps.PlanCapture, (order, _) => Task.FromResult(StepResult.Of(
            new CapturePlan(order, "pod", "uid", "node", "image", ["tcpdump"], 10, 1000, TimeSpan.FromMinutes(10), "all", [], DateTimeOffset.UnixEpoch))))
        .AddActivity<CapturePlan, StepResult<Grant>>(CaptureSteps.GrantPermission, (plan, _) => Task.FromResult(StepResult.Of(
            new Grant("shop", plan.Order.CaptureId, "a", "b", "role", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch))))
        .AddActivity<GrantedStep, StepResult<Tap>>(CaptureSteps.AttachContainer, (step, _) => AttachAsync(step.Plan.Order))
        .AddActivity<GrantedStep, StepResult<TapObservation>>(CaptureSteps.ObserveCapture, (_, _) => Task.FromResult(StepResult.Of(new TapObservation(100, false))))
        .AddActivity<FinishRequest, StepResult<TapSummary>>(CaptureSteps.FinishCapture, (request, _) => Task.FromResult(Finish(request)))
        .AddActivity<RetrieveRequest, StepResult<RetrievedFile>>(CaptureSteps.RetrieveCapture, (_, _) => Task.FromResult(StepResult.Of(new RetrievedFile(100, "hash", true, 0))))
        .AddActivity<StoreRequest, StepResult<StoredEvidence>>(CaptureSteps.StoreCapture, (_, _) => Task.FromResult(StepResult.Of(
            new StoredEvidence("there", "capture.pcap", 100, "hash", 1, Verdict.Complete, []))))
        .AddActivity<RevokeRequest, StepResult<RevocationProof>>(CaptureSteps.RevokePermission, (_, _) => Task.FromResult(StepResult.Of(new RevocationProof(true, []))))
        .AddActivity<string, StepResult<Discarded>>(CaptureSteps.DiscardCapture, (id, _) => Task.FromResult(StepResult.Of(new Discarded(id))));

    private async Task<StepResult<Tap>> AttachAsync(CaptureOrder order)
    {
        if (AttachTakes(order.Target.Pod) is not { } time)
        {
            return StepResult.Fault<Tap>(Fault);
        }

        await Task.Delay(time, _time);
        _listening[order.Target.Pod] = _time.GetUtcNow();
        return StepResult.Of(new Tap(order.CaptureId, "image@sha256:0", _time.GetUtcNow(), true));
    }

    private StepResult<TapSummary> Finish(FinishRequest request)
    {
        Finished[request.Plan.Order.Target.Pod] = (request.StopNow, _time.GetUtcNow());
        return StepResult.Of(new TapSummary(100, "hash", 1, 1, 0, null, request.StopNow ? TapEnd.Stopped : TapEnd.Window, 30, 0));
    }
}
