using System.Diagnostics;
using CaptureFlow.Local.Durable;
using CaptureFlow.Local.Durable.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Durable;

/// <summary>An engine with a folder, started.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    /// <summary>How long a test waits for what must come: far beyond what a busy machine needs.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder? _own;

    private readonly string _path;

    private EngineHost(TemporaryFolder? own, string path, DurableEngine engine)
    {
        _own = own;
        _path = path;
        Engine = engine;
    }

    public DurableEngine Engine { get; }

    public DurableTaskClient Client => Engine.Client;

    public static async Task<EngineHost> StartAsync(
        DurableRegistry registry,
        TimeProvider? time = null,
        TemporaryFolder? folder = null,
        Func<DurableEngineOptions, DurableEngineOptions>? configure = null)
    {
        var own = folder is null ? new TemporaryFolder() : null;
        var options = new DurableEngineOptions { DatabasePath = (folder ?? own!).Database };
        options = configure is null ? options : configure(options);
        var engine = new DurableEngine(options, registry, time ?? TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        return new EngineHost(own, options.DatabasePath, engine);
    }

    /// <summary>Polls <paramref name="condition"/> until it holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < Deadline, $"Waited {Deadline} in vain for: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    public Task<OrchestrationMetadata> CompletionAsync(string instanceId)
        => Client.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs: true).WaitAsync(Deadline);

    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null)
        => await CompletionAsync(await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input));

    /// <summary>Waits until the instance has the custom status <paramref name="text"/>.</summary>
    public Task StatusAsync(string instanceId, string text) => UntilAsync(
        async () => (await Client.GetInstanceAsync(instanceId, true))?.SerializedCustomStatus == $"\"{text}\"", $"{instanceId} says {text}");

    /// <summary>Moves the clock to the instant at which the next durable timer is due, if one is set.</summary>
    public void AdvanceToNextTimer(FakeTimeProvider time)
    {
        using var session = OpenFile();
        var now = time.GetUtcNow().UtcDateTime;
        if (MessageQueue.Schedule(session, now) is { Ready.Count: 0, Next: { } next })
        {
            time.Advance(next - now);
        }
    }

    /// <summary>The engine's file, beside the engine.</summary>
    public SqlSession OpenFile() => new($"Data Source={_path};Pooling=False");

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        _own?.Dispose();
    }
}
