using System.Collections.Concurrent;
using CaptureFlow.Local.Durable;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>The activities of a capture, each of which does as it is told; by default every one succeeds.</summary>
internal sealed class FakeSteps
{
    private readonly ConcurrentQueue<string> _calls = new();

    public static readonly CaptureOrder Order = new(
        "cf-0000000000000000",
        new CaptureTarget("shop", "web"),
        new CaptureWindow(TimeSpan.FromSeconds(30), CaptureWindow.HeaderSnapLength, 1 << 20),
        null,
        "tests",
        null,
        DateTimeOffset.UnixEpoch);

    public static readonly CaptureFault Fault = new("a-code", "It failed.", "Mend it.");

    /// <summary>The steps in the order called, observations left out.</summary>
    public IReadOnlyList<string> Calls => [.. _calls.Where(call => call != CaptureSteps.ObserveCapture)];

    public Func<StepResult<CapturePlan>> Plan { get; set; } = () => StepResult.Of(
        new CapturePlan(Order, "pod", "uid", "node", "image", ["tcpdump"], 10, 1000, TimeSpan.FromMinutes(10), "all", [], DateTimeOffset.UnixEpoch));

    public Func<Task<StepResult<Grant>>> Grant { get; set; } = () => Task.FromResult(StepResult.Of(
        new Grant("shop", Order.CaptureId, "a", "b", "role", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)));

    public Func<StepResult<Tap>> Attach { get; set; }

    public Func<StepResult<TapObservation>> Observe { get; set; } = () => StepResult.Of(new TapObservation(100, false));

    public Func<FinishRequest, StepResult<TapSummary>> Finish { get; set; } = _ => StepResult.Of(new TapSummary(100, "hash", 1, 1, 0, null, TapEnd.Window, 30, 0));

    public Func<Task<StepResult<RetrievedFile>>> Retrieve { get; set; } = () => Task.FromResult(StepResult.Of(new RetrievedFile(100, "hash", true, 0)));

    public Func<StepResult<StoredEvidence>> Store { get; set; } = () => StepResult.Of(
        new StoredEvidence("there", "capture.pcap", 100, "hash", 1, Verdict.Complete, []));

    public Func<StepResult<RevocationProof>> Revoke { get; set; } = () => StepResult.Of(new RevocationProof(true, []));

    public FakeSteps(TimeProvider time) =>
        Attach = () => StepResult.Of(new Tap(Order.CaptureId, "image@sha256:0", time.GetUtcNow(), true));

    public DurableRegistry Registry() => new DurableRegistry()
        .AddOrchestrator<CaptureOrder, CaptureReport>(nameof(CaptureOrchestrator), (context, order) => new CaptureOrchestrator().RunAsync(context, order))
        .AddActivity<CaptureOrder, StepResult<CapturePlan>>(CaptureSteps.PlanCapture, (_, _) => Called(CaptureSteps.PlanCapture, Plan))
        .AddActivity<CapturePlan, StepResult<Grant>>(CaptureSteps.GrantPermission, (_, _) => CalledAsync(CaptureSteps.GrantPermission, Grant))
        .AddActivity<GrantedStep, StepResult<Tap>>(CaptureSteps.AttachContainer, (_, _) => Called(CaptureSteps.AttachContainer, Attach))
        .AddActivity<GrantedStep, StepResult<TapObservation>>(CaptureSteps.ObserveCapture, (_, _) => Called(CaptureSteps.ObserveCapture, Observe))
        .AddActivity<FinishRequest, StepResult<TapSummary>>(CaptureSteps.FinishCapture, (request, _) => Called(CaptureSteps.FinishCapture, () => Finish(request)))
        .AddActivity<RetrieveRequest, StepResult<RetrievedFile>>(CaptureSteps.RetrieveCapture, (_, _) => CalledAsync(CaptureSteps.RetrieveCapture, Retrieve))
        .AddActivity<StoreRequest, StepResult<StoredEvidence>>(CaptureSteps.StoreCapture, (_, _) => Called(CaptureSteps.StoreCapture, Store))
        .AddActivity<RevokeRequest, StepResult<RevocationProof>>(CaptureSteps.RevokePermission, (_, _) => Called(CaptureSteps.RevokePermission, Revoke))
        .AddActivity<string, StepResult<Discarded>>(
            CaptureSteps.DiscardCapture, (id, _) => Called(CaptureSteps.DiscardCapture, () => StepResult.Of(new Discarded(id))));

    private Task<T> Called<T>(string step, Func<T> body) => CalledAsync(step, () => Task.FromResult(body()));

    private Task<T> CalledAsync<T>(string step, Func<Task<T>> body)
    {
        _calls.Enqueue(step);
        return body();
    }
}
