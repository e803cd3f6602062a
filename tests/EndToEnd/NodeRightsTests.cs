using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>RBAC of captures on nodes in both directions: what the source uses is granted, nothing else is, and nothing granted is idle.</summary>
public sealed class NodeRightsTests
{
    private const string Space = "captureflow-nodes";
    private const string Own = "system:serviceaccount:captureflow:captureflow";
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly string?[] Places = ["shop", "default", "captureflow", Space, null];

    [Fact]
    public async Task Rights_EveryVerbOnEveryResource_AreThoseThatTheSourceDeclares()
    {
        await using var sandbox = await Harness.Sandbox.StartAsync(onlyIn: "shop", nodes: true);
        var walk = new RightsWalk(sandbox.Admin);
        await using var services = SiteAlone.Build(sandbox.CaptureFlowKubeconfig, "shop", "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();
        var plan = Value(await site.PlanAsync(Order(), None));
        var grant = Value(await site.EnsureGrantAsync(plan, None));

        var own = await walk.GrantedAsync("captureflow", "captureflow", Places);
        var capture = await walk.GrantedAsync(Space, grant.Name, Places);
        var proof = await site.EnsureRevokedAsync(plan, None);
        var left = await walk.GrantedAsync(Space, grant.Name, Places);

        var inPods = await walk.DeclaredAsync(DeclaredRights.Own, "shop", Places);
        var onNodes = await walk.DeclaredAsync(DeclaredRights.OnNodes, Space, Places);
        var atHome = await walk.DeclaredAsync(DeclaredRights.AtHome, "captureflow", Places);
        Assert.Equal(inPods.Union(onNodes).Union(atHome).Order(StringComparer.Ordinal), own);
        Assert.Equal(await walk.DeclaredAsync(NodeRights.OfCapture, Space, Places), capture);
        Assert.True(proof.Proven);
        Assert.Empty(left);
    }

    [Fact]
    public async Task Rights_EveryPathThatUsesOneTaken_NoneIsIdle()
    {
        await using var sandbox = await Harness.Sandbox.StartAsync(onlyIn: "shop", nodes: true);
        await using var services = SiteAlone.Build(sandbox.CaptureFlowKubeconfig, "shop", "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();
        var plan = Value(await site.PlanAsync(Order(), None));
        var grant = Value(await site.EnsureGrantAsync(plan, None));
        Value(await site.EnsureTapAsync(plan, grant, None));
        var other = Value(await site.PlanAsync(Order(), None));
        var shortGrant = Value(await site.EnsureGrantAsync(other, None));

        // A tap past its deadline ends at once and says nothing: only its log could tell why.
        var ended = await site.EnsureTapAsync(other, shortGrant with { ExpiresAt = DateTimeOffset.UnixEpoch }, None);
        var proofs = new[] { await site.EnsureRevokedAsync(plan, None), await site.EnsureRevokedAsync(other, None) };
        var sweep = await site.SweepAsync(None);

        Assert.Equal(FaultCodes.TapGone, Assert.Single(ended.Faults).Code);
        Assert.All(proofs, proof => Assert.True(proof.Proven));
        Assert.Empty(sweep.Faults);
        var used = (await sandbox.RequestsAsync())
            .Where(request => request.Status is > 0 and < 400 or 409)
            .Where(request => request.Path.Contains(Space, StringComparison.Ordinal) || !request.Path.Contains("/namespaces/", StringComparison.Ordinal))
            .ToList();
        Assert.Equal([], IdleRightsTests.Idle(DeclaredRights.OnNodes, [.. used.Where(request => request.User == Own)]));
        Assert.Equal([], IdleRightsTests.Idle(NodeRights.OfCapture, [.. used.Where(request => request.User.StartsWith($"system:serviceaccount:{Space}:cf-", StringComparison.Ordinal))]));
    }

    private static CaptureOrder Order() => new(
        CaptureIds.New(), new("shop", "quiet", Method: CaptureMethods.Node), new(TimeSpan.FromSeconds(1), 256, 1 << 20), null, "test", null, TimeProvider.System.GetUtcNow());

    private static T Value<T>(StepResult<T> result)
        where T : class
    {
        Assert.True(result.Succeeded, string.Join('\n', result.Faults));
        return result.Value;
    }
}
