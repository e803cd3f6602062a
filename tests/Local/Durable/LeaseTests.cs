using System.Collections.Concurrent;
using CaptureFlow.Local.Durable;
using CaptureFlow.Local.Durable.History;
using CaptureFlow.Local.Durable.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Durable;

/// <summary>Two hosts on one file.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<string> _began = new();
    private readonly TaskCompletionSource _firstMayEnd = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Lease_OwnerFallsSilent_IsTakenOverAndOneAnswerIsKept()
    {
        await using var silent = await StartAsync("silent", options => options with { RenewLeases = false });
        var id = await silent.Client.ScheduleNewOrchestrationInstanceAsync("One");
        await BeganAsync("silent");
        await using var other = await StartAsync("other");

        await AdvanceUntilAsync(() => _began.Contains("other"));
        var result = await other.CompletionAsync(id);
        _firstMayEnd.SetResult();
        await silent.Engine.StopAsync(CancellationToken.None);

        Assert.Equal("other", result.ReadOutputAs<string>());
        Assert.Equal(["silent", "other"], _began);
        using var file = other.OpenFile();
        Assert.Equal(1, file.Query("SELECT count(*) FROM history WHERE event LIKE '%TaskCompleted%'", row => row.GetInt32(0))[0]);
    }

    [Fact]
    public async Task Lease_SilentOwnerEndsFirst_ItsAnswerCounts()
    {
        var otherMayEnd = new TaskCompletionSource();
        await using var silent = await StartAsync("silent", options => options with { RenewLeases = false });
        var id = await silent.Client.ScheduleNewOrchestrationInstanceAsync("One");
        await BeganAsync("silent");
        await using var other = await StartAsync("other", gate: otherMayEnd.Task);
        await AdvanceUntilAsync(() => _began.Contains("other"));

        _firstMayEnd.SetResult();
        var result = await silent.CompletionAsync(id);
        otherMayEnd.SetResult();

        Assert.Equal("silent", result.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Lease_OwnerRenews_IsNotTakenOver()
    {
        await using var owner = await StartAsync("owner", gate: _firstMayEnd.Task);
        var id = await owner.Client.ScheduleNewOrchestrationInstanceAsync("One");
        await BeganAsync("owner");
        await using var other = await StartAsync("other");

        for (var elapsed = TimeSpan.Zero; elapsed < 3 * Lease; elapsed += Lease / 3)
        {
            var before = LeaseUntil(owner);
            _time.Advance(Lease / 3);
            await EngineHost.UntilAsync(() => Task.FromResult(LeaseUntil(owner) > before), "the lease to be renewed");
        }

        _firstMayEnd.SetResult();
        Assert.Equal("owner", (await owner.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal(["owner"], _began);
    }

    [Fact]
    public async Task Answer_TwoWritersAtOnce_ExactlyOneIsKept()
    {
        await using var idle = await EngineHost.StartAsync(new DurableRegistry(), _time, _folder, Shared);
        using var database = DurableDatabase.Open(_folder.Database, _time, _ => { });
        await database.WriteAsync((session, effects) =>
        {
            new NewInstance("i", "Missing", string.Empty, null, _time.GetUtcNow().UtcDateTime.AddHours(1)).Insert(session, effects);
            session.Execute(
                "INSERT INTO activities(instance_id,execution_id,task_id,name) SELECT 'i',execution_id,0,'Slow' FROM instances");
            return session.Execute("DELETE FROM messages");
        });
        var first = new ActivityStore(database, "first", Lease);
        var second = new ActivityStore(database, "second", Lease);
        var claim = await first.ClaimAsync(CancellationToken.None);
        var refused = await second.ClaimAsync(CancellationToken.None);
        _time.Advance(Lease);
        var again = await second.ClaimAsync(CancellationToken.None);

        var kept = await Task.WhenAll(
            Task.Run(() => first.AnswerAsync(claim!, new TaskCompleted(0, "\"first\""))),
            Task.Run(() => second.AnswerAsync(again!, new TaskCompleted(0, "\"second\""))));

        Assert.Null(refused);
        Assert.Equal(2, again!.Delivery);
        Assert.Single(kept, isFirst => isFirst);
    }

    [Fact]
    public async Task SharedFile_TwoHostsAndManyInstances_EachEndsOnceWithItsOwnResult()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<int, int>("Sum", async (context, n) =>
            {
                var sum = n;
                for (var i = 0; i < 3; i++)
                {
                    sum = await context.CallActivityAsync<int>("Next", sum);
                }

                return sum;
            })
            .AddActivity<int, int>("Next", (n, _) => Task.FromResult(n + 1));
        DurableEngineOptions Polling(DurableEngineOptions options) => Shared(options) with { PollInterval = TimeSpan.FromMilliseconds(20) };
        await using var left = await EngineHost.StartAsync(registry, folder: _folder, configure: Polling);
        await using var right = await EngineHost.StartAsync(registry, folder: _folder, configure: Polling);

        var ids = await Task.WhenAll(Enumerable.Range(0, 40).Select(
            n => (n % 2 == 0 ? left : right).Client.ScheduleNewOrchestrationInstanceAsync("Sum", n)));
        var results = await Task.WhenAll(ids.Select(right.CompletionAsync));

        Assert.Equal(Enumerable.Range(3, 40), results.Select(result => result.ReadOutputAs<int>()));
        using var file = left.OpenFile();
        Assert.Equal(120, file.Query("SELECT count(*) FROM history WHERE event LIKE '%TaskCompleted%'", row => row.GetInt32(0))[0]);
    }

    private static DurableEngineOptions Shared(DurableEngineOptions options) => options with { SharedDatabase = true, ActivityLease = Lease };

    private static long LeaseUntil(EngineHost host)
    {
        using var file = host.OpenFile();
        return file.Query("SELECT lease_until FROM activities", row => row.GetInt64(0)).Single();
    }

    private Task BeganAsync(string host) => EngineHost.UntilAsync(() => Task.FromResult(_began.Contains(host)), $"{host} to begin");

    private Task AdvanceUntilAsync(Func<bool> condition) => EngineHost.UntilAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(condition());
        },
        "the lease to lapse");

    /// <summary>A host whose one activity ends when <paramref name="gate"/> does: for the silent host, when the test says so.</summary>
    private Task<EngineHost> StartAsync(
        string name, Func<DurableEngineOptions, DurableEngineOptions>? configure = null, Task? gate = null)
    {
        var mayEnd = gate ?? (name == "silent" ? _firstMayEnd.Task : Task.CompletedTask);
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("One", (context, _) => context.CallActivityAsync<string>("Slow"))
            .AddActivity("Slow", async _ =>
            {
                _began.Enqueue(name);
                await mayEnd;
                return name;
            });
        return EngineHost.StartAsync(registry, _time, _folder, options => (configure ?? (o => o))(Shared(options)));
    }
}
