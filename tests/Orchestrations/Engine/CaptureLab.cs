using Microsoft.DurableTask;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>The capture orchestrator on the real embedded engine, with fake steps and a clock that runs fast.</summary>
internal sealed class CaptureLab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EngineLab _engine;

    private CaptureLab((string Step, object? Result)? instead)
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch.AddYears(50));
        Steps = new FakeSteps(time, instead);
        _engine = new EngineLab(time, Steps.Registry());
    }

    public FakeSteps Steps { get; }

    /// <param name="instead">A step that comes to something which is no result of a step.</param>
    public static async Task<CaptureLab> StartAsync((string Step, object? Result)? instead = null)
    {
        var lab = new CaptureLab(instead);
        await lab._engine.StartAsync();
        return lab;
    }

    public Task OrderAsync(CaptureOrder order) => _engine.Client.ScheduleNewOrchestrationInstanceAsync(
        nameof(CaptureOrchestrator), order, new StartOrchestrationOptions(FakeSteps.Order.CaptureId));

    public Task OrderAsync() => _engine.Client.ScheduleNewOrchestrationInstanceAsync(
        nameof(CaptureOrchestrator), FakeSteps.Order, new StartOrchestrationOptions(FakeSteps.Order.CaptureId));

    public Task RaiseAsync(string eventName) => _engine.Client.RaiseEventAsync(FakeSteps.Order.CaptureId, eventName, new EndRequest("tests"));

    public Task RaiseAsync(string eventName, object payload) => _engine.Client.RaiseEventAsync(FakeSteps.Order.CaptureId, eventName, payload);

    public Task<CaptureProgress?> ProgressAsync() => _engine.StatusAsync<CaptureProgress>(FakeSteps.Order.CaptureId);

    /// <summary>Waits, without letting time pass, until the capture has ended.</summary>
    public async Task<CaptureReport> EndWithoutTimeAsync() =>
        (await _engine.Client.WaitForInstanceCompletionAsync(FakeSteps.Order.CaptureId, getInputsAndOutputs: true).WaitAsync(Patience)).ReadOutputAs<CaptureReport>()!;

    /// <summary>Lets time pass until a condition holds.</summary>
    public Task PassUntilAsync(string what, Func<bool> condition) => _engine.PassUntilAsync(() => $"{what}; called: {Called}", () => Task.FromResult(condition()));

    /// <summary>Lets time pass until the capture shows something.</summary>
    public async Task<CaptureProgress> PassUntilShownAsync(string what, Func<CaptureProgress, bool> shown)
    {
        CaptureProgress? seen = null;
        await _engine.PassUntilAsync(() => $"{what}; called: {Called}", async () => (seen = await ProgressAsync()) is { } progress && shown(progress));
        return seen!;
    }

    /// <summary>Waits, without letting time pass, until the capture shows a state.</summary>
    public async Task WhenAsync(CaptureState state)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while ((await _engine.StatusAsync<CaptureProgress>(FakeSteps.Order.CaptureId))?.State != state)
        {
            Assert.False(deadline.IsCancellationRequested, $"never {state}");
            await Task.Delay(5);
        }
    }

    /// <summary>Lets time pass until the capture has ended.</summary>
    public Task<CaptureReport> EndAsync() => _engine.EndAsync<CaptureReport>(FakeSteps.Order.CaptureId, () => $"the end; called: {Called}");

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private string Called => string.Join(" ", Steps.Calls);
}
