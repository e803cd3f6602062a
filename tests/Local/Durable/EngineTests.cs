using System.Diagnostics;
using CaptureFlow.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Durable;

public sealed class EngineTests
{
    private sealed record Order(string Pod, int Seconds);

    [Fact]
    public async Task Run_ChainOfActivities_ReturnsLastResult()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<Order, string>("Chain", async (context, order) =>
            {
                var first = await context.CallActivityAsync<string>("Append", order.Pod);
                await context.CreateTimer(TimeSpan.FromMilliseconds(order.Seconds), CancellationToken.None);
                return await context.CallActivityAsync<string>("Append", first);
            })
            .AddActivity<string, string>("Append", (text, _) => Task.FromResult(text + "!"));
        await using var host = await EngineHost.StartAsync(registry);

        var result = await host.RunAsync("Chain", new Order("web", 20));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, result.RuntimeStatus);
        Assert.Equal("web!!", result.ReadOutputAs<string>());
        Assert.Equal(new Order("web", 20), result.ReadInputAs<Order>());
    }

    [Fact]
    public async Task Run_FanOut_RunsActivitiesAtTheSameTime()
    {
        var arrived = new CountdownEvent(8);
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, int>("Fan", async (context, _) =>
                (await Task.WhenAll(Enumerable.Range(0, 8).Select(i => context.CallActivityAsync<int>("Meet", i)))).Sum())
            .AddActivity<int, int>("Meet", async (i, _) =>
            {
                arrived.Signal();
                await EngineHost.UntilAsync(() => Task.FromResult(arrived.IsSet), "all eight to meet");
                return i;
            });
        await using var host = await EngineHost.StartAsync(registry);

        var result = await host.RunAsync("Fan");

        Assert.Equal(28, result.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Run_FailingActivity_ReachesOrchestratorAsTaskFailedException()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Catch", async (context, _) =>
            {
                try
                {
                    await context.CallActivityAsync("Fail");
                    return "no failure";
                }
                catch (TaskFailedException e) when (e.FailureDetails.IsCausedBy<IOException>())
                {
                    return $"{e.TaskName} #{e.TaskId}: {e.FailureDetails.ErrorMessage}";
                }
            })
            .AddActivity("Fail", _ => throw new FileNotFoundException("gone"));
        await using var host = await EngineHost.StartAsync(registry);

        var result = await host.RunAsync("Catch");

        Assert.Equal("Fail #0: gone", result.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Run_FailingOrchestrator_EndsFailedWithDetails()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator("Broken", (_, _) => throw new ArgumentException("no such pod"));
        await using var host = await EngineHost.StartAsync(registry);

        var result = await host.RunAsync("Broken");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, result.RuntimeStatus);
        Assert.Equal(typeof(ArgumentException).FullName, result.FailureDetails?.ErrorType);
        Assert.Equal("no such pod", result.FailureDetails?.ErrorMessage);
    }

    [Fact]
    public async Task Run_UnknownActivity_FailsWithoutRetry()
    {
        var registry = new DurableRegistry().AddOrchestrator("Typo", async (context, _) =>
        {
            await context.CallActivityAsync("Grnat", options: TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1))));
            return null;
        });
        await using var host = await EngineHost.StartAsync(registry);

        var result = await host.RunAsync("Typo");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, result.RuntimeStatus);
        Assert.Contains("no activity named Grnat", result.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MoreActivitiesThanSlots_RunsOnlySoManyAtATime()
    {
        const int Slots = 3;
        var running = 0;
        var peak = 0;
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, int>("Fan", async (context, _) =>
                (await Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<int>("Work", i)))).Length)
            .AddActivity<int, int>("Work", async (i, cancellation) =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref peak, now);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellation);
                Interlocked.Decrement(ref running);
                return i;
            });
        await using var host = await EngineHost.StartAsync(
            registry, configure: options => options with { MaxConcurrentActivities = Slots });

        var result = await host.RunAsync("Fan");

        Assert.Equal(20, result.ReadOutputAs<int>());
        Assert.InRange(peak, 1, Slots);
    }

    [Fact]
    public async Task Run_ManyStepsWhileTheClockStands_WaitForNoPoll()
    {
        const int Steps = 50;
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, int>("Long", async (context, _) =>
            {
                var sum = 0;
                for (var i = 0; i < Steps; i++)
                {
                    sum += await context.CallActivityAsync<int>("One");
                }

                return sum;
            })
            .AddActivity<object?, int>("One", (_, _) => Task.FromResult(1));
        await using var host = await EngineHost.StartAsync(registry, new FakeTimeProvider());
        var clock = Stopwatch.StartNew();

        // The engine's clock never moves: a step that waited for a poll would wait for ever.
        var result = await host.RunAsync("Long");

        Assert.Equal(Steps, result.ReadOutputAs<int>());
        TestContext.Current.SendDiagnosticMessage($"{clock.Elapsed.TotalMilliseconds / Steps:F2} ms a step");
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
