using CaptureFlow.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Durable;

public sealed class QueryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);

    [Fact]
    public async Task GetAll_SmallPages_GiveEachInstanceOnceInOrderOfCreation()
    {
        await using var host = await StartAsync(finished: 7, waiting: 0);

        var pages = await host.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 3)).AsPages().ToListAsync();

        Assert.Equal([3, 3, 1], pages.Select(page => page.Values.Count));
        Assert.Equal(
            Enumerable.Range(0, 7).Select(i => $"done-{i}"), pages.SelectMany(page => page.Values).Select(item => item.InstanceId));
        Assert.Null(pages[^1].ContinuationToken);
    }

    [Fact]
    public async Task GetAll_FromAToken_GoesOnThere()
    {
        await using var host = await StartAsync(finished: 5, waiting: 0);
        var first = await host.Client.GetAllInstancesAsync(new OrchestrationQuery(PageSize: 2)).AsPages().FirstAsync();

        var rest = await host.Client
            .GetAllInstancesAsync(new OrchestrationQuery(ContinuationToken: first.ContinuationToken)).Select(item => item.InstanceId).ToListAsync();

        Assert.Equal(["done-2", "done-3", "done-4"], rest);
    }

    [Fact]
    public async Task GetAll_ForeignToken_IsAnArgumentError()
    {
        await using var host = await StartAsync(finished: 1, waiting: 0);

        await Assert.ThrowsAsync<ArgumentException>(
            async () => await host.Client.GetAllInstancesAsync(new OrchestrationQuery(ContinuationToken: "!")).ToListAsync());
    }

    [Fact]
    public async Task GetAll_WithFilters_GivesWhatPassesThemAll()
    {
        await using var host = await StartAsync(finished: 3, waiting: 2);

        var running = await Ids(host, new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Failed]));
        var prefixed = await Ids(host, new OrchestrationQuery(InstanceIdPrefix: "done-"));
        var middle = await Ids(host, new OrchestrationQuery(CreatedFrom: Start.AddSeconds(1), CreatedTo: Start.AddSeconds(3)));

        Assert.Equal(["wait-3", "wait-4"], running);
        Assert.Equal(["done-0", "done-1", "done-2"], prefixed);
        Assert.Equal(["done-1", "done-2", "wait-3"], middle);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task GetInstance_PayloadsAndTags_ComeAsAsked(bool payloads)
    {
        await using var host = await StartAsync(finished: 1, waiting: 0);

        var item = await host.Client.GetInstanceAsync("done-0", payloads);

        Assert.Equal(payloads ? "\"in\"" : null, item!.SerializedInput);
        Assert.Equal(payloads ? "\"out\"" : null, item.SerializedOutput);
        Assert.Equal("a", item.Tags["team"]);
        Assert.Equal(Start, item.CreatedAt);
    }

    [Fact]
    public async Task Purge_FinishedInstance_ForgetsIt()
    {
        await using var host = await StartAsync(finished: 2, waiting: 0);

        var result = await host.Client.PurgeInstanceAsync("done-0");
        var again = await host.Client.PurgeInstanceAsync("done-0");

        Assert.Equal((1, 0), (result.PurgedInstanceCount, again.PurgedInstanceCount));
        Assert.Equal(["done-1"], await Ids(host, new OrchestrationQuery()));
        using var file = host.OpenFile();
        Assert.Equal(0, file.Query("SELECT count(*) FROM history WHERE instance_id='done-0'", row => row.GetInt32(0))[0]);
    }

    [Fact]
    public async Task Purge_UnfinishedInstance_IsRefused()
    {
        await using var host = await StartAsync(finished: 0, waiting: 1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.PurgeInstanceAsync("wait-0"));

        Assert.Equal(["wait-0"], await Ids(host, new OrchestrationQuery()));
    }

    [Fact]
    public async Task PurgeAll_ByCreation_ForgetsOnlyWhatIsOver()
    {
        await using var host = await StartAsync(finished: 3, waiting: 2);

        var result = await host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(CreatedFrom: Start.AddSeconds(1)));

        Assert.Equal(2, result.PurgedInstanceCount);
        Assert.Equal(["done-0", "wait-3", "wait-4"], await Ids(host, new OrchestrationQuery()));
    }

    private static async Task<List<string>> Ids(EngineHost host, OrchestrationQuery query)
        => await host.Client.GetAllInstancesAsync(query).Select(item => item.InstanceId).ToListAsync();

    /// <summary>Instances a second apart: first those that end at once, then those that wait.</summary>
    private async Task<EngineHost> StartAsync(int finished, int waiting)
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<string, string>("Done", (_, _) => Task.FromResult("out"))
            .AddOrchestrator<string, string>("Wait", (context, _) => context.WaitForExternalEvent<string>("Stop"));
        var host = await EngineHost.StartAsync(registry, _time);
        for (var i = 0; i < finished + waiting; i++)
        {
            var (name, prefix) = i < finished ? ("Done", "done") : ("Wait", "wait");
            var options = new StartOrchestrationOptions($"{prefix}-{i}") { Tags = new Dictionary<string, string> { ["team"] = "a" } };
            await host.Client.ScheduleNewOrchestrationInstanceAsync(name, "in", options);
            await (i < finished ? host.CompletionAsync(options.InstanceId!) : host.Client.WaitForInstanceStartAsync(options.InstanceId!));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        return host;
    }
}
