using System.Diagnostics;
using CaptureFlow.Local.Durable;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Durable;

public sealed class ScaleTests
{
    private const int Instances = 1000;

    /// <summary>What the pool may add for reasons of its own, far below one thread for each instance.</summary>
    private const int ThreadAllowance = 40;

    [Fact]
    public async Task Timers_OfAThousandInstances_CostNoThreadEach()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var registry = new DurableRegistry().AddOrchestrator<int, int>("Sleep", async (context, n) =>
        {
            await context.CreateTimer(TimeSpan.FromMinutes(1 + (n % 60)), CancellationToken.None);
            return n;
        });
        await using var host = await EngineHost.StartAsync(registry, time);
        var threadsBefore = Process.GetCurrentProcess().Threads.Count;
        var clock = Stopwatch.StartNew();

        var ids = await Task.WhenAll(Enumerable.Range(0, Instances).Select(
            n => host.Client.ScheduleNewOrchestrationInstanceAsync("Sleep", n)));
        await Task.WhenAll(ids.Select(id => host.Client.WaitForInstanceStartAsync(id).WaitAsync(EngineHost.Deadline)));
        var started = clock.Elapsed;
        var threadsWhileWaiting = Process.GetCurrentProcess().Threads.Count;
        time.Advance(TimeSpan.FromHours(1));
        var results = await Task.WhenAll(ids.Select(host.CompletionAsync));

        TestContext.Current.SendDiagnosticMessage(
            $"{Instances} started in {started}, ended in {clock.Elapsed - started}; threads {threadsBefore} -> {threadsWhileWaiting}");
        Assert.True(
            threadsWhileWaiting < threadsBefore + ThreadAllowance, $"{threadsBefore} threads before, {threadsWhileWaiting} while waiting");
        Assert.Equal(Enumerable.Range(0, Instances), results.Select(result => result.ReadOutputAs<int>()));
    }
}
