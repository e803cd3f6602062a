using System.Collections.Concurrent;
using CaptureFlow.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Durable;

/// <summary>When a failing activity is tried again, to the instant.</summary>
public sealed class RetryTests
{
    private static readonly TimeSpan[] OneSecondThenTwoThenFour =
        [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(7)];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<TimeSpan> _attempts = new();

    [Fact]
    public async Task Policy_WithBackoff_TriesAtFirstIntervalTimesPowers()
    {
        var result = await RunAsync(new RetryPolicy(4, TimeSpan.FromSeconds(1), 2.0), failures: int.MaxValue);

        Assert.Equal(OneSecondThenTwoThenFour, _attempts);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, result.RuntimeStatus);
        Assert.Equal(typeof(TaskFailedException).FullName, result.FailureDetails?.ErrorType);
    }

    [Fact]
    public async Task Policy_SecondAttemptSucceeds_StopsThere()
    {
        var result = await RunAsync(new RetryPolicy(4, TimeSpan.FromSeconds(1), 2.0), failures: 1);

        Assert.Equal(OneSecondThenTwoThenFour.Take(2), _attempts);
        Assert.Equal("attempt 2", result.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Policy_WithMaxInterval_WaitsNoLonger()
    {
        await RunAsync(
            new RetryPolicy(4, TimeSpan.FromSeconds(1), 10.0, maxRetryInterval: TimeSpan.FromSeconds(5)), failures: int.MaxValue);

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(11)], _attempts);
    }

    [Fact]
    public async Task Policy_WithRetryTimeout_StopsWhenItHasPassed()
    {
        await RunAsync(
            new RetryPolicy(100, TimeSpan.FromSeconds(1), 2.0, retryTimeout: TimeSpan.FromSeconds(5)), failures: int.MaxValue);

        // At 3 s the timeout has not passed, so one more attempt is made; at 7 s it has.
        Assert.Equal(OneSecondThenTwoThenFour, _attempts);
    }

    [Fact]
    public async Task Policy_WhoseHandlerDeclines_TriesOnce()
    {
        var policy = new RetryPolicy(4, TimeSpan.FromSeconds(1)) { HandleFailure = failure => !failure.IsCausedBy<IOException>() };

        await RunAsync(policy, failures: int.MaxValue);

        Assert.Equal([TimeSpan.Zero], _attempts);
    }

    [Fact]
    public async Task Policy_WhoseHandlerFails_TriesOnceAndReportsTheActivity()
    {
        var policy = new RetryPolicy(4, TimeSpan.FromSeconds(1)) { HandleFailure = _ => throw new InvalidOperationException("handler") };

        var result = await RunAsync(policy, failures: int.MaxValue);

        Assert.Equal([TimeSpan.Zero], _attempts);
        Assert.Contains("attempt 1", result.FailureDetails?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_ThatWaitsAndCounts_DecidesEachTime()
    {
        var asked = new ConcurrentQueue<(int Attempt, TimeSpan Elapsed)>();
        AsyncRetryHandler handler = async retry =>
        {
            if (!retry.OrchestrationContext.IsReplaying)
            {
                asked.Enqueue((retry.LastAttemptNumber, retry.TotalRetryTime));
            }

            await retry.OrchestrationContext.CreateTimer(TimeSpan.FromSeconds(10), CancellationToken.None);
            return retry.LastAttemptNumber < 3 && retry.LastFailure.IsCausedBy<IOException>();
        };

        await RunAsync(handler, failures: int.MaxValue);

        Assert.Equal([TimeSpan.Zero, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)], _attempts);
        Assert.Equal([(1, TimeSpan.Zero), (2, TimeSpan.FromSeconds(10)), (3, TimeSpan.FromSeconds(20))], asked);
    }

    private async Task<OrchestrationMetadata> RunAsync(TaskRetryOptions retry, int failures)
    {
        var start = _time.GetUtcNow();
        var count = 0;
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Retry", (context, _) => context.CallActivityAsync<string>("Flaky", new TaskOptions(retry)))
            .AddActivity("Flaky", _ =>
            {
                _attempts.Enqueue(_time.GetUtcNow() - start);
                return ++count <= failures
                    ? throw new IOException($"attempt {count}")
                    : Task.FromResult<object?>($"attempt {count}");
            });
        await using var host = await EngineHost.StartAsync(registry, _time);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Retry");

        // From timer to timer: there is one between two attempts, and none while an attempt is under way.
        await EngineHost.UntilAsync(
            async () =>
            {
                host.AdvanceToNextTimer(_time);
                return (await host.Client.GetInstanceAsync(id))!.IsCompleted;
            },
            "the retries to end");
        return await host.CompletionAsync(id);
    }
}
