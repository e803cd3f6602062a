using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The same walk over RBAC, over everything that a real API server knows of.</summary>
[Collection(OneRealCluster.Name)]
public sealed class RealClusterRightsTests(RealCluster cluster) : IClassFixture<RealCluster>
{
    private static readonly CancellationToken None = CancellationToken.None;

    private string?[] Places => [cluster.Namespace, "default", "captureflow", null];

    [Fact]
    public async Task OwnIdentity_EveryVerbOnEveryResource_MayExactlyWhatTheSourceDeclares()
    {
        RealCluster.SkipUnlessWanted();
        var walk = new RightsWalk((Kubernetes)cluster.Admin);

        var granted = await walk.GrantedAsync("captureflow", "captureflow", Places);

        var inNamespace = await walk.DeclaredAsync(DeclaredRights.Own, cluster.Namespace, Places);
        var atHome = await walk.DeclaredAsync(DeclaredRights.AtHome, "captureflow", Places);
        Assert.Equal(inNamespace.Union(atHome).Order(StringComparer.Ordinal), granted);
    }

    [Fact]
    public async Task CapturesAccount_WhileItsGrantLives_MayExactlyWhatTheSourceDeclares()
    {
        RealCluster.SkipUnlessWanted();
        var walk = new RightsWalk((Kubernetes)cluster.Admin);
        await using var services = SiteAlone.Build(cluster.CaptureFlowKubeconfig, cluster.Namespace);
        var site = services.GetRequiredService<ICaptureSite>();
        await cluster.RunAsync(RealPods.Web("walked"));
        var order = new CaptureOrder(
            CaptureIds.New(), new(cluster.Namespace, "walked"), new(TimeSpan.FromSeconds(1), 256, 1 << 20), null, "end-to-end test", null, TimeProvider.System.GetUtcNow());
        var plan = (await site.PlanAsync(order, None)).Value!;
        var grant = (await site.EnsureGrantAsync(plan, None)).Value!;

        var granted = await walk.GrantedAsync("captureflow", grant.Name, Places);
        var proof = await site.EnsureRevokedAsync(plan, None);
        var left = await walk.GrantedAsync("captureflow", grant.Name, Places);

        Assert.Equal(await walk.DeclaredAsync(Right.OfCapture, cluster.Namespace, Places), granted);
        Assert.True(proof.Proven);
        Assert.Empty(left);
    }
}
