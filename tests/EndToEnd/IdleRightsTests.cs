using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Every right that the manifests grant is used by some request: what nothing needs is not granted.</summary>
public sealed class IdleRightsTests
{
    private const string Own = "system:serviceaccount:captureflow:captureflow";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Rights_EveryPathThatUsesOneTaken_NoneIsIdle()
    {
        await using var sandbox = await Harness.Sandbox.StartAsync(onlyIn: "shop");
        await MakeWorkloadsAsync(sandbox);

        await TakeUsualPathsAsync(sandbox);
        await TakeRarePathsAsync(sandbox);

        var used = (await sandbox.RequestsAsync()).Where(request => request.Status is > 0 and < 400 or 409).ToList();
        Assert.Equal([], Idle([.. DeclaredRights.Own, .. DeclaredRights.AtHome], [.. used.Where(request => request.User == Own)]));
        Assert.Equal([], Idle(Right.OfCapture, [.. used.Where(request => request.User.StartsWith("system:serviceaccount:captureflow:cf-", StringComparison.Ordinal))]));
    }

    // A dry run, a capture by a Service's name, and a fleet: through the app.
    private static async Task TakeUsualPathsAsync(Harness.Sandbox sandbox)
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        var order = new { target = new { pod = "shop/web" }, window = new { duration = "1s" }, filter = new { service = "web" } };
        var (_, plan) = await host.Api.PostAsync("/api/captures?dryRun=true", order);
        var one = await host.Api.OrderAsync(order);
        var several = await host.Api.OrderAsync(new { target = new { workload = "deployment/web", @namespace = "shop" }, window = new { duration = "1s" } });

        var capture = await host.Api.WhenEndedAsync(one);
        var fleet = await host.Api.WhenEndedAsync(several);

        Assert.True(Ended(capture) && Ended(fleet), $"{plan}\n{capture}\n{fleet}\n{host.Log}");
    }

    // The other workloads, the log of a tap that would not start, and the sweep.
    private static async Task TakeRarePathsAsync(Harness.Sandbox sandbox)
    {
        await using var services = SiteAlone.Build(sandbox.CaptureFlowKubeconfig, "shop", "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();
        foreach (var workload in (string[])["statefulset/web", "daemonset/web", "replicaset/web", "job/web"])
        {
            var fleet = await site.ResolveAsync(new(CaptureIds.New(), new("shop", workload, null), Window, null, "test", null, TimeProvider.System.GetUtcNow()), None);
            Assert.True(fleet.Succeeded, string.Join('\n', fleet.Faults));
        }

        var order = new CaptureOrder(CaptureIds.New(), new("shop", "quiet"), Window, null, "test", null, TimeProvider.System.GetUtcNow());
        var plan = (await site.PlanAsync(order, None)).Value!;
        var grant = (await site.EnsureGrantAsync(plan, None)).Value!;
        // A tap past its deadline ends at once and says nothing: only its log could tell why.
        var tap = await site.EnsureTapAsync(plan, grant with { ExpiresAt = DateTimeOffset.UnixEpoch }, None);
        await sandbox.ExpireAsync(order.CaptureId);
        var sweep = await site.SweepAsync(None);
        Assert.Equal(FaultCodes.TapGone, Assert.Single(tap.Faults).Code);
        Assert.Empty(sweep.Faults);
        Assert.Empty(await sandbox.LeftOversAsync());
    }

    /// <summary>Those of the rights that none of the requests took.</summary>
    internal static IEnumerable<string> Idle(IReadOnlyList<Right> rights, IReadOnlyList<AskedRequest> used) =>
        rights.Where(right => !used.Any(request => Uses(request, right))).Select(right => right.ToString());

    private static bool Uses(AskedRequest request, Right right)
    {
        // To bind a role is to make a binding that names it.
        if (right.Verb == "bind")
        {
            return request.Verb == "create" && request.Path.Contains("/rolebindings", StringComparison.Ordinal);
        }

        var parts = request.Path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, rest) = parts[0] == "api" ? ("", parts[2..]) : (parts[1], parts[3..]);
        rest = rest is ["namespaces", _, _, ..] ? rest[2..] : rest;
        // A WebSocket is opened with GET, and needs both verbs.
        var verb = request.Verb == right.Verb || (rest.ElementAtOrDefault(2) == "exec" && right.Verb is "get" or "create");
        return verb && group == right.Group && rest[0] == right.Resource && rest.ElementAtOrDefault(2) == right.Subresource;
    }

    private static CaptureWindow Window => new(TimeSpan.FromSeconds(1), 256, 1 << 20);

    private static bool Ended(JsonNode capture) => capture["status"]!.GetValue<string>() == "completed";

    // The sandbox keeps them as they are applied; the pod web is what they select.
    private static async Task MakeWorkloadsAsync(Harness.Sandbox sandbox)
    {
        var meta = new V1ObjectMeta { Name = "web" };
        var selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } };
        var template = new V1PodTemplateSpec
        {
            Metadata = new() { Labels = selector.MatchLabels },
            Spec = new() { Containers = [new() { Name = "app", Image = "captureflow.local/app:1" }] },
        };
        var apps = sandbox.Admin.AppsV1;
        await apps.CreateNamespacedDeploymentAsync(new() { Metadata = meta, Spec = new() { Selector = selector, Template = template } }, "shop");
        await apps.CreateNamespacedStatefulSetAsync(new() { Metadata = meta, Spec = new() { Selector = selector, Template = template, ServiceName = "web" } }, "shop");
        await apps.CreateNamespacedDaemonSetAsync(new() { Metadata = meta, Spec = new() { Selector = selector, Template = template } }, "shop");
        await apps.CreateNamespacedReplicaSetAsync(new() { Metadata = meta, Spec = new() { Selector = selector, Template = template } }, "shop");
        await sandbox.Admin.BatchV1.CreateNamespacedJobAsync(new() { Metadata = meta, Spec = new() { Selector = selector, Template = template } }, "shop");
        await sandbox.Admin.CoreV1.CreateNamespacedServiceAsync(
            new() { Metadata = meta, Spec = new() { Selector = selector.MatchLabels, Ports = [new() { Port = 443, TargetPort = "https" }] } }, "shop");
    }
}
