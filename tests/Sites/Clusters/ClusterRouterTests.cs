using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sites.Tests.Clusters;

public sealed class ClusterRouterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Plan_TwoClusters_EachOrderAsksItsOwnWithItsOwnToken()
    {
        await using var first = await FakeApiServer.StartAsync(NoPods);
        await using var second = await FakeApiServer.StartAsync(NoPods);
        using var sites = Sites(first, second);

        var inDefault = await sites.Site.PlanAsync(SiteUnderTest.Order(null), CancellationToken.None);
        var firstAsked = first.Asked;
        var inSecond = await sites.Site.PlanAsync(SiteUnderTest.Order("second"), CancellationToken.None);

        Assert.Equal(FaultCodes.PodNotFound, Assert.Single(inDefault.Faults).Code);
        Assert.Equal(FaultCodes.PodNotFound, Assert.Single(inSecond.Faults).Code);
        Assert.Equal(firstAsked.Count, first.Asked.Count);
        Assert.All(first.Asked, asked => Assert.Equal("Bearer first-token", asked.Authorization));
        Assert.All(second.Asked, asked => Assert.Equal("Bearer second-token", asked.Authorization));
        Assert.Contains(second.Asked, asked => asked.Path == "GET /api/v1/namespaces/shop/pods/web");
    }

    [Fact]
    public async Task Plan_UnknownCluster_RefusedWithTheKnownNamesAndAllOtherReasons()
    {
        await using var first = await FakeApiServer.StartAsync();
        using var sites = Sites(first, first);
        var order = SiteUnderTest.Order("third") with { Reason = "two\nlines" };

        var planned = await sites.Site.PlanAsync(order, CancellationToken.None);

        Assert.Equal([FaultCodes.ClusterUnknown, FaultCodes.OrderInvalid], planned.Faults.Select(f => f.Code));
        Assert.Contains("default, second;", planned.Faults[0].Remedy, StringComparison.Ordinal);
        Assert.Equal("target.cluster", planned.Faults[0].Field);
        Assert.Empty(first.Asked);
    }

    [Fact]
    public async Task Plan_NameThatIsNone_IsReportedOnce()
    {
        await using var first = await FakeApiServer.StartAsync();
        using var sites = Sites(first, first);

        var planned = await sites.Site.PlanAsync(SiteUnderTest.Order("Not A Name"), CancellationToken.None);

        Assert.Equal((FaultCodes.OrderInvalid, "target.cluster"), (Assert.Single(planned.Faults).Code, planned.Faults[0].Field));
    }

    [Fact]
    public async Task Revoke_ClusterTakenOutOfTheConfiguration_IsWorthRepeating()
    {
        await using var first = await FakeApiServer.StartAsync();
        using var sites = Sites(first, first);
        var plan = new CapturePlan(
            SiteUnderTest.Order("gone"), "pod", "uid", "node", "image", [], null, 0, TimeSpan.FromMinutes(1), "all", [], DateTimeOffset.UnixEpoch);

        var thrown = await Assert.ThrowsAsync<StepUnavailableException>(() => sites.Site.EnsureRevokedAsync(plan, CancellationToken.None));

        Assert.Contains("There is no cluster 'gone'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_OneClusterDownAndOneRefusing_TheThirdIsSweptAndBothAreNamed()
    {
        await using var good = await FakeApiServer.StartAsync(context => context.Request.Path.Value!.EndsWith("rolebindings", StringComparison.Ordinal)
            ? FakeApiServer.JsonAsync(context, 200, LiveBinding(TimeProvider.System.GetUtcNow().AddMinutes(-1)))
            : FakeApiServer.Empty(context));
        await using var untrusted = await FakeApiServer.StartAsync();
        using var sites = new SiteUnderTest(
            ("Cluster:KubeConfig", _folder.Write("first", good.KubeConfig("first-token"))),
            ("Cluster:RetryFor", "00:00:01"),
            ("Clusters:untrusted:Kind", "kubeconfig"),
            ("Clusters:untrusted:KubeConfig", _folder.Write("second", untrusted.KubeConfig("second-token", authority: false))),
            ("Clusters:down:Kind", "kubeconfig"),
            ("Clusters:down:KubeConfig", _folder.Write("third", untrusted.KubeConfig("third-token").Replace(untrusted.Url, "https://127.0.0.1:1", StringComparison.Ordinal))));

        var report = await sites.Site.SweepAsync(CancellationToken.None);

        Assert.Equal(["default", "down", "untrusted"], report.Clusters);
        Assert.Equal(("default", "cf-0000000000000000", "unknown"), Assert.Single(report.Live) is var live ? (live.Cluster, live.CaptureId, live.RequestedBy) : default);
        Assert.Equal(new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero), report.Live[0].ClaimedExpiresAt);
        Assert.InRange(report.OldestLiveGrantSeconds, 1, double.MaxValue);
        Assert.Equal(2, report.Faults.Count);
        Assert.Contains(report.Faults, f => f.Code == FaultCodes.ClusterUnavailable && f.Message.Contains("'down'", StringComparison.Ordinal));
        Assert.Contains(report.Faults, f => f.Code == FaultCodes.CertificateUntrusted && f.Message.Contains("'untrusted'", StringComparison.Ordinal));
    }

    private static string LiveBinding(DateTimeOffset made) => $$$"""
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBindingList","metadata":{},"items":[{"metadata":{"name":"cf-0000000000000000","namespace":"shop","uid":"u",
        "creationTimestamp":"{{{Rfc3339.Write(made)}}}","labels":{"app.kubernetes.io/managed-by":"captureflow","captureflow.io/capture-id":"cf-0000000000000000"},
        "annotations":{"captureflow.io/expires-at":"2999-01-01T00:00:00Z"}},
        "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"captureflow-capture"}}]}
        """;

    private SiteUnderTest Sites(FakeApiServer first, FakeApiServer second) => new(
        ("Cluster:KubeConfig", _folder.Write("first", first.KubeConfig("first-token"))),
        ("Clusters:second:Kind", "kubeconfig"),
        ("Clusters:second:KubeConfig", _folder.Write("second", second.KubeConfig("second-token"))));

    private static Task NoPods(HttpContext context) => context.Request.Path.Value!.Contains("/pods/", StringComparison.Ordinal)
        ? FakeApiServer.JsonAsync(context, 404, """{"kind":"Status","status":"Failure","message":"pods \"web\" not found","reason":"NotFound","code":404}""")
        : FakeApiServer.Empty(context);
}
