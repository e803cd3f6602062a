using System.Collections.Concurrent;
using CaptureFlow.Local.Durable;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>The activities of a capture, each of which does as it is told; by default every one succeeds.</summary>
internal sealed class FakeSteps
{
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly (string Step, object? Result)? _instead;

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

    /// <summary>A plan for the order that it is asked for; else <see cref="Plan"/>.</summary>
    public Func<CaptureOrder, StepResult<CapturePlan>>? PlanOf { get; set; }

    public Func<Task<StepResult<Grant>>> Grant { get; set; } = () => Task.FromResult(StepResult.Of(
        new Grant("shop", Order.CaptureId, "a", "b", "role", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch)));

    public Func<StepResult<Tap>> Attach { get; set; }

    public Func<StepResult<TapObservation>> Observe { get; set; } = () => StepResult.Of(new TapObservation(100, false));

    public Func<FinishRequest, StepResult<TapSummary>> Finish { get; set; } = _ => StepResult.Of(new TapSummary(100, "hash", 1, 1, 0, null, TapEnd.Window, 30, 0));

    public Func<Task<StepResult<RetrievedFile>>> Retrieve { get; set; } = () => Task.FromResult(StepResult.Of(new RetrievedFile(100, "hash", true, 0)));

    public Func<StepResult<StoredEvidence>> Store { get; set; } = () => StepResult.Of(
        new StoredEvidence("there", "capture.pcap", 100, "hash", 1, Verdict.Complete, []));

    public Func<StepResult<RevocationProof>> Revoke { get; set; } = () => StepResult.Of(new RevocationProof(true, []));

    public Func<StepResult<Discarded>> Discard { get; set; } = () => StepResult.Of(new Discarded(Order.CaptureId));

    public Func<ProofRequest, StepResult<RevocationProof>> AddProof { get; set; } = request => StepResult.Of(request.Proof);

    /// <param name="time">For what a tap tells.</param>
    /// <param name="instead">A step that comes to something which is no result of a step.</param>
    public FakeSteps(TimeProvider time, (string Step, object? Result)? instead = null)
    {
        _instead = instead;
        Attach = () => StepResult.Of(new Tap(Order.CaptureId, "image@sha256:0", time.GetUtcNow(), true));
    }

    public DurableRegistry Registry()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<CaptureOrder, CaptureReport>(nameof(CaptureOrchestrator), (context, order) => new CaptureOrchestrator().RunAsync(context, order));
        Add<CaptureOrder, CapturePlan>(registry, CaptureSteps.PlanCapture, order => Task.FromResult(PlanOf?.Invoke(order) ?? Plan()));
        Add<CapturePlan, Grant>(registry, CaptureSteps.GrantPermission, _ => Grant());
        Add<GrantedStep, Tap>(registry, CaptureSteps.AttachContainer, _ => Task.FromResult(Attach()));
        Add<GrantedStep, TapObservation>(registry, CaptureSteps.ObserveCapture, _ => Task.FromResult(Observe()));
        Add<FinishRequest, TapSummary>(registry, CaptureSteps.FinishCapture, request => Task.FromResult(Finish(request)));
        Add<RetrieveRequest, RetrievedFile>(registry, CaptureSteps.RetrieveCapture, _ => Retrieve());
        Add<StoreRequest, StoredEvidence>(registry, CaptureSteps.StoreCapture, _ => Task.FromResult(Store()));
        Add<RevokeRequest, RevocationProof>(registry, CaptureSteps.RevokePermission, _ => Task.FromResult(Revoke()));
        Add<ProofRequest, RevocationProof>(registry, CaptureSteps.AddProof, request => Task.FromResult(AddProof(request)));
        Add<string, Discarded>(registry, CaptureSteps.DiscardCapture, _ => Task.FromResult(Discard()));
        return registry;
    }

    private void Add<TInput, T>(DurableRegistry registry, string step, Func<TInput, Task<StepResult<T>>> body)
        where T : class
    {
        if (_instead is var (other, result) && other == step)
        {
            registry.AddActivity<TInput, object?>(step, (_, _) => CalledAsync(step, () => Task.FromResult(result)));
        }
        else
        {
            registry.AddActivity<TInput, StepResult<T>>(step, (input, _) => CalledAsync(step, () => body(input)));
        }
    }

    private Task<T> CalledAsync<T>(string step, Func<Task<T>> body)
    {
        _calls.Enqueue(step);
        return body();
    }
}
