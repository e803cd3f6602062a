using CaptureFlow.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>The capture orchestrator on the real embedded engine, with fake steps and a clock that runs fast.</summary>
internal sealed class CaptureLab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-orchestrator-").FullName;
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly DurableEngine _engine;

    private CaptureLab()
    {
        Steps = new FakeSteps(_time);
        _engine = new DurableEngine(
            new DurableEngineOptions { DatabasePath = Path.Combine(_folder, "engine.db") }, Steps.Registry(), _time, NullLoggerFactory.Instance);
    }

    public FakeSteps Steps { get; }

    public static async Task<CaptureLab> StartAsync()
    {
        var lab = new CaptureLab();
        await lab._engine.StartAsync(CancellationToken.None);
        return lab;
    }

    public Task OrderAsync() => _engine.Client.ScheduleNewOrchestrationInstanceAsync(
        nameof(CaptureOrchestrator), FakeSteps.Order, new StartOrchestrationOptions(FakeSteps.Order.CaptureId));

    public Task RaiseAsync(string eventName) => _engine.Client.RaiseEventAsync(FakeSteps.Order.CaptureId, eventName, new EndRequest("tests"));

    /// <summary>Lets time pass until a condition holds.</summary>
    public async Task PassUntilAsync(string what, Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"not reached: {what}; called: {string.Join(" ", Steps.Calls)}");
            _time.Advance(Tick);
            await Task.Delay(1);
        }
    }

    /// <summary>Waits, without letting time pass, until the capture shows a state.</summary>
    public async Task WhenAsync(CaptureState state)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (await StateAsync() != state)
        {
            Assert.False(deadline.IsCancellationRequested, $"never {state}");
            await Task.Delay(5);
        }
    }

    /// <summary>Lets time pass until the capture has ended.</summary>
    public async Task<CaptureReport> EndAsync()
    {
        var ending = _engine.Client.WaitForInstanceCompletionAsync(FakeSteps.Order.CaptureId, getInputsAndOutputs: true);
        await PassUntilAsync("the end", () => ending.IsCompleted);
        var instance = await ending;
        Assert.True(instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed, instance.FailureDetails?.ToString());
        return instance.ReadOutputAs<CaptureReport>()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(CancellationToken.None);
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<CaptureState?> StateAsync()
    {
        var instance = await _engine.Client.GetInstanceAsync(FakeSteps.Order.CaptureId, getInputsAndOutputs: true, CancellationToken.None);
        return instance?.SerializedCustomStatus is null ? null : instance.ReadCustomStatusAs<CaptureProgress>()?.State;
    }
}
