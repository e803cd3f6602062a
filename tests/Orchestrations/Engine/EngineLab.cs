using CaptureFlow.Local.Durable;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>The real embedded engine in a folder of its own, with a clock that runs fast.</summary>
internal sealed class EngineLab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-orchestrator-").FullName;
    private readonly DurableEngine _engine;

    public EngineLab(FakeTimeProvider time, DurableRegistry registry)
    {
        Time = time;
        _engine = new DurableEngine(new DurableEngineOptions { DatabasePath = Path.Combine(_folder, "engine.db") }, registry, time, NullLoggerFactory.Instance);
    }

    public FakeTimeProvider Time { get; }

    public DurableTaskClient Client => _engine.Client;

    public Task StartAsync() => _engine.StartAsync(CancellationToken.None);

    /// <summary>Lets time pass until a condition holds.</summary>
    public async Task PassUntilAsync(Func<string> what, Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"not reached: {what()}");
            Time.Advance(Tick);
            await Task.Delay(1);
        }
    }

    /// <summary>Lets time pass until an instance has ended, as it should.</summary>
    public async Task<T> EndAsync<T>(string instanceId, Func<string> what)
    {
        var ending = Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true);
        await PassUntilAsync(what, () => Task.FromResult(ending.IsCompleted));
        var instance = await ending;
        Assert.True(instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed, instance.FailureDetails?.ToString());
        return instance.ReadOutputAs<T>()!;
    }

    /// <summary>What an instance shows of itself; null before it does.</summary>
    public async Task<T?> StatusAsync<T>(string instanceId)
        where T : class
    {
        var instance = await Client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, CancellationToken.None);
        return instance?.SerializedCustomStatus is null ? null : instance.ReadCustomStatusAs<T>();
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(CancellationToken.None);
        await _engine.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
