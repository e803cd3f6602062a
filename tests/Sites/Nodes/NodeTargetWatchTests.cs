using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Tests.Clusters;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sites.Tests.Nodes;

/// <summary>A pod gives up its address when it goes: a capture on a node that is narrowed to it does not begin or go on after that.</summary>
public sealed class NodeTargetWatchTests : IDisposable
{
    private const string Same = """{"metadata":{"name":"web","namespace":"shop","uid":"u-1"},"status":{"phase":"Running","podIPs":[{"ip":"fd01::5"},{"ip":"10.244.0.5"}]}}""";

    private readonly TempFolder _folder = new();
    private readonly CapturePlan _plan;
    private readonly Grant _grant;

    public NodeTargetWatchTests()
    {
        var order = SiteUnderTest.Order(null);
        order = order with { Target = order.Target with { Method = CaptureMethods.NodePod } };
        _plan = new(order, CaptureMethods.NodePod, "u-1", "node-1", "image", [], null, 0, TimeSpan.FromMinutes(1), "", [], DateTimeOffset.UnixEpoch)
        {
            Place = new("node-1", null, ["10.0.0.2"], ["10.244.0.5", "fd01::5"]),
        };
        _grant = new("captureflow-nodes", order.CaptureId, "a", "b", "role", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "it is gone")]
    [InlineData("""{"metadata":{"name":"web","uid":"u-2"},"status":{"phase":"Running","podIPs":[{"ip":"10.244.0.5"},{"ip":"fd01::5"}]}}""", "uid u-2")]
    [InlineData("""{"metadata":{"name":"web","uid":"u-1"},"status":{"phase":"Running","podIPs":[{"ip":"10.244.0.6"},{"ip":"fd01::5"}]}}""", "its addresses are 10.244.0.6, fd01::5")]
    [InlineData("""{"metadata":{"name":"web","uid":"u-1"},"status":{"phase":"Running"}}""", "its addresses are gone")]
    [InlineData("""{"metadata":{"name":"web","uid":"u-1"},"status":{"phase":"Failed","podIPs":[{"ip":"10.244.0.5"},{"ip":"fd01::5"}]}}""", "it has ended (Failed)")]
    public async Task Steps_PodIsNotTheOnePlanned_DoNothingAndSayWhy(string? pod, string why)
    {
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, pod));
        using var sites = Sites(server);

        var granted = await sites.Site.EnsureGrantAsync(_plan, CancellationToken.None);
        var tapped = await sites.Site.EnsureTapAsync(_plan, _grant, CancellationToken.None);
        var seen = await sites.Site.ObserveAsync(_plan, _grant, CancellationToken.None);

        foreach (var fault in (CaptureFault[])[Assert.Single(granted.Faults), Assert.Single(tapped.Faults), Assert.Single(seen.Faults)])
        {
            Assert.Equal(FaultCodes.TargetChanged, fault.Code);
            Assert.Contains(why, fault.Message, StringComparison.Ordinal);
        }

        Assert.All(server.Asked, asked => Assert.Equal("GET /api/v1/namespaces/shop/pods/web", asked.Path));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Finish_ByWhetherThePodChanged_SaysSoBesideWhatTheTapSays(bool same, bool changed)
    {
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, same ? Same : null));
        using var sites = Sites(server);

        var finished = await sites.Site.FinishAsync(_plan, _grant, stopNow: false, CancellationToken.None);

        // The tap itself cannot be asked here: nobody mints a token.
        Assert.Equal(changed, finished.Faults.Any(fault => fault.Code == FaultCodes.TargetChanged));
        Assert.Contains(finished.Faults, fault => fault.Code != FaultCodes.TargetChanged);
    }

    [Theory]
    [InlineData(Same, null)]
    // Everybody's traffic was asked for, and allowed: whose address it is does not matter.
    [InlineData(null, false)]
    public async Task Steps_PodIsTheSameOrTheNodeIsWanted_GoOn(string? pod, bool? narrow)
    {
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, pod));
        using var sites = Sites(server);
        var plan = _plan with { Order = _plan.Order with { Target = _plan.Order.Target with { Narrow = narrow } } };

        var seen = await sites.Site.ObserveAsync(plan, _grant, CancellationToken.None);

        Assert.DoesNotContain(seen.Faults, fault => fault.Code == FaultCodes.TargetChanged);
        Assert.Contains(server.Asked, asked => asked.Path.EndsWith("/token", StringComparison.Ordinal));
    }

    private SiteUnderTest Sites(FakeApiServer server) =>
        new(("Cluster:KubeConfig", _folder.Write("config", server.KubeConfig("t"))), ("Cluster:RetryFor", "00:00:01"));

    private static Task AnswerAsync(HttpContext context, string? pod) => context.Request.Path.Value == "/api/v1/namespaces/shop/pods/web" && pod is not null
        ? FakeApiServer.JsonAsync(context, 200, pod)
        : FakeApiServer.JsonAsync(context, 404, """{"kind":"Status","status":"Failure","message":"none","reason":"NotFound","code":404}""");
}
