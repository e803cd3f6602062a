using System.Collections.Concurrent;
using CaptureFlow.Local.Durable;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Durable;

/// <summary>What a host leaves behind, the next one finishes.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Restart_TimerDueMeanwhile_FiresAtOnce()
    {
        var registry = new DurableRegistry().AddOrchestrator<object?, DateTime>("Sleep", async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return context.CurrentUtcDateTime;
        });
        string id;
        await using (var first = await EngineHost.StartAsync(registry, _time, _folder))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Sleep");
            await first.Client.WaitForInstanceStartAsync(id).WaitAsync(EngineHost.Deadline);
        }

        _time.Advance(TimeSpan.FromHours(2));
        await using var second = await EngineHost.StartAsync(registry, _time, _folder);

        var result = await second.CompletionAsync(id);
        Assert.Equal(_time.GetUtcNow().UtcDateTime, result.ReadOutputAs<DateTime>());
    }

    [Fact]
    public async Task Restart_TimerDueLater_FiresOnTime()
    {
        var registry = new DurableRegistry().AddOrchestrator<object?, string>("Sleep", async (context, _) =>
        {
            await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return "woke";
        });
        string id;
        await using (var first = await EngineHost.StartAsync(registry, _time, _folder))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Sleep");
            await first.Client.WaitForInstanceStartAsync(id).WaitAsync(EngineHost.Deadline);
        }

        await using var second = await EngineHost.StartAsync(registry, _time, _folder);
        _time.Advance(TimeSpan.FromMinutes(59));
        var early = await second.Client.GetInstanceAsync(id);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(early!.IsCompleted);
        Assert.Equal("woke", (await second.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Restart_EventRaisedBeforeTheHostWorked_Arrives()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Wait", (context, _) => context.WaitForExternalEvent<string>("Stop"));
        string id;
        await using (var idle = new DurableEngine(
            new DurableEngineOptions { DatabasePath = _folder.Database }, registry, _time, NullLoggerFactory.Instance))
        {
            id = await idle.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
            await idle.Client.RaiseEventAsync(id, "Stop", "kept");
        }

        await using var host = await EngineHost.StartAsync(registry, _time, _folder);

        Assert.Equal("kept", (await host.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Stop_ActivityUnderWay_CancelsItAndRunsItAgainAtTheNextStart()
    {
        var deliveries = new ConcurrentQueue<int>();
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("One", (context, _) => context.CallActivityAsync<string>("Slow"))
            .AddActivity("Slow", async call =>
            {
                deliveries.Enqueue(call.Delivery);
                if (call.Delivery == 1)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.CancellationToken);
                }

                return $"delivery {call.Delivery}";
            });
        string id;
        await using (var first = await EngineHost.StartAsync(registry, _time, _folder))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("One");
            await EngineHost.UntilAsync(() => Task.FromResult(!deliveries.IsEmpty), "the activity to begin");
        }

        await using var second = await EngineHost.StartAsync(registry, _time, _folder);

        Assert.Equal("delivery 2", (await second.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal([1, 2], deliveries);
    }

    [Fact]
    public async Task Stop_ActivityThatEndsWithinTheGrace_IsNotRunAgain()
    {
        var runs = 0;
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("One", (context, _) => context.CallActivityAsync<string>("Polite"))
            .AddActivity("Polite", async call =>
            {
                Interlocked.Increment(ref runs);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.CancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return "finished";
            });
        string id;
        await using (var first = await EngineHost.StartAsync(registry, _time, _folder))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("One");
            await EngineHost.UntilAsync(() => Task.FromResult(Volatile.Read(ref runs) == 1), "the activity to begin");
        }

        await using var second = await EngineHost.StartAsync(registry, _time, _folder);

        Assert.Equal("finished", (await second.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Start_SecondHostOnTheSameFile_IsRefusedWithTheReason()
    {
        await using var first = await EngineHost.StartAsync(new DurableRegistry(), _time, _folder);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => EngineHost.StartAsync(new DurableRegistry(), _time, _folder));

        Assert.Contains(_folder.Database, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Another host", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FileOfALaterFormat_IsRefused()
    {
        await using (var first = await EngineHost.StartAsync(new DurableRegistry(), _time, _folder))
        {
            using var file = first.OpenFile();
            file.Execute("PRAGMA user_version=99");
        }

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => EngineHost.StartAsync(new DurableRegistry(), _time, _folder));

        Assert.Contains("format 99", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_ChangedOrchestrator_FailsTheInstanceNamingBothCalls()
    {
        var released = new TaskCompletionSource();
        string id;
        var before = Calling("GrantPermission", async () => await released.Task);
        await using (var first = await EngineHost.StartAsync(before, _time, _folder, o => o with { StopGrace = TimeSpan.Zero }))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Capture");
            await first.Client.WaitForInstanceStartAsync(id).WaitAsync(EngineHost.Deadline);
            await EngineHost.UntilAsync(() => Task.FromResult(CountHistory(first, "TaskScheduled") == 1), "the call to be kept");
            released.SetResult();
            await EngineHost.UntilAsync(() => Task.FromResult(CountHistory(first, "TimerCreated") == 1), "the timer to be kept");
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        await using var second = await EngineHost.StartAsync(Calling("AttachContainer", () => Task.CompletedTask), _time, _folder);

        var failure = (await second.CompletionAsync(id)).FailureDetails;
        Assert.Contains("GrantPermission", failure!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("AttachContainer", failure.ErrorMessage, StringComparison.Ordinal);
    }

    private static int CountHistory(EngineHost host, string kind)
    {
        using var file = host.OpenFile();
        return file.Query("SELECT count(*) FROM history WHERE event LIKE ?1", row => row.GetInt32(0), $"%\"{kind}\"%")[0];
    }

    private static DurableRegistry Calling(string activity, Func<Task> work) => new DurableRegistry()
        .AddOrchestrator("Capture", async (context, _) =>
        {
            await context.CallActivityAsync(activity);
            await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
            return null;
        })
        .AddActivity(activity, async _ =>
        {
            await work();
            return null;
        });
}
