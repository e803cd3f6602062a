using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Tests.Clusters;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sites.Tests.Planning;

/// <summary>A pod that uses its node's network: whoever captures in it captures on its node.</summary>
public sealed class HostNetworkTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Plan_WithoutThePolicyForNodes_IsForbiddenAndSaysWhy()
    {
        await using var server = await FakeApiServer.StartAsync(Answer);
        using var sites = new SiteUnderTest(("Cluster:KubeConfig", _folder.Write("config", server.KubeConfig("t"))));

        var planned = await sites.Site.PlanAsync(SiteUnderTest.Order(null), CancellationToken.None);

        var fault = Assert.Single(planned.Faults);
        Assert.Equal((FaultCodes.NodeForbidden, "target.pod"), (fault.Code, fault.Field));
        Assert.Contains("its node's network", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_SelectorOfSuchPods_IsAsWholeAsANode()
    {
        await using var server = await FakeApiServer.StartAsync(Answer);
        using var sites = new SiteUnderTest(("Cluster:KubeConfig", _folder.Write("config", server.KubeConfig("t"))));
        var one = SiteUnderTest.Order(null);
        FleetOrder order = new(one.CaptureId, new("shop", null, "app=agent"), one.Window, null, "tests", null, DateTimeOffset.UnixEpoch);

        var resolved = await sites.Site.ResolveAsync(order, CancellationToken.None);

        Assert.True(resolved.Value!.WholeNode);
        Assert.Contains("whole node", Assert.Single(ApprovalRules.For("shop", one.Window, new CapturePolicy { ApprovalNamespaces = ["payments"] }, resolved.Value.WholeNode)!.Why), StringComparison.Ordinal);
    }

    private static Task Answer(HttpContext context)
    {
        const string pod = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop","uid":"u-1","labels":{"app":"agent"}},
             "spec":{"hostNetwork":true,"nodeName":"node-1","containers":[{"name":"app","image":"x"}]},
             "status":{"phase":"Running","podIP":"10.0.0.1","containerStatuses":[{"name":"app","ready":true,"state":{"running":{}}}]}}
            """;
        return context.Request.Path.Value switch
        {
            "/api/v1/namespaces/shop/pods/web" => FakeApiServer.JsonAsync(context, 200, pod),
            "/api/v1/namespaces/shop/pods" => FakeApiServer.JsonAsync(context, 200, $$"""{"apiVersion":"v1","kind":"PodList","metadata":{},"items":[{{pod}}]}"""),
            _ => FakeApiServer.Empty(context),
        };
    }
}
