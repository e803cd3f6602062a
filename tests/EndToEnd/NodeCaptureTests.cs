using System.Net;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Captures on a node through a pod of CaptureFlow's own: what they see, what they leave behind, and how they end before their time.</summary>
public sealed class NodeCaptureTests(NodeCaptureTests.Nodes fixture) : IClassFixture<NodeCaptureTests.Nodes>
{
    private const string Space = "captureflow-nodes";

    // Debian's tcpdump, as it is.
    private const string MachinesTools = "localhost/debug:1";
    private static readonly CancellationToken None = CancellationToken.None;

    private Harness.Sandbox Sandbox => fixture.Sandbox;

    [Fact]
    public async Task Capture_NodeOfAPod_SeesTheWireOfThatPodAloneAndLeavesNothing()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state);
        var address = (await Sandbox.Admin.CoreV1.ReadNamespacedPodAsync("web", "shop")).Status.PodIP;

        var id = await host.Api.OrderAsync(new { target = new { node = new { pod = "shop/web" } }, window = new { duration = "10s", snapLength = "full" } });
        await host.Api.WhenAsync(id, "capturing");
        var pod = Assert.Single(await Sandbox.NodePodsAsync());
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, id);
        var copy = Path.Combine(state.Path, "copy.pcap");
        await File.WriteAllBytesAsync(copy, file);
        var seen = await TrafficReader.ReadAsync(copy, None);
        Assert.True(seen.WireTls > 0);
        Assert.Equal((0, 0), (seen.LoopbackPackets, seen.WirePlaintext));
        Assert.Equal(
            (CaptureMethods.NodePod, "sandbox-node", "sandbox://local/sandbox-node", $"host {address}"),
            (manifest.Plan.Site, manifest.Plan.Place!.Node, manifest.Plan.Place.ProviderId, manifest.Plan.Filter));
        Assert.Contains("stays encrypted", manifest.Plan.Sees, StringComparison.Ordinal);
        Assert.False(manifest.Tap!.Ephemeral);
        AssertBounded(pod, id);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_ImageWhoseTcpdumpChangesItsUser_SaysSoAndLeavesNothing()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state, ("CaptureFlow__Tap__Image", MachinesTools));

        var id = await host.Api.OrderAsync(new { target = new { node = new { pod = "shop/web" } }, window = new { duration = "3s" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "failed", $"{capture}\n{host.Log}");
        var fault = Assert.Single(capture["faults"]!.AsArray())!;
        Assert.Equal(FaultCodes.TcpdumpChangesUser, fault["code"]!.GetValue<string>());
        Assert.Contains("CaptureFlow:Nodes:TcpdumpChangesUser", fault["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("Couldn't change ownership of savefile", fault["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_ImageWhoseTcpdumpChangesItsUserAndTheSetting_IsCompleteWithTwoCapabilitiesMore()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state, ("CaptureFlow__Tap__Image", MachinesTools), ("CaptureFlow__Nodes__TcpdumpChangesUser", "true"));

        var id = await host.Api.OrderAsync(new { target = new { node = new { pod = "shop/web" } }, window = new { duration = "10s" } });
        await host.Api.WhenAsync(id, "capturing");
        var pod = Assert.Single(await Sandbox.NodePodsAsync());
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, id);
        Assert.True(manifest.Evidence.Packets > 0);
        Assert.Equal(["NET_RAW", "SETGID", "SETUID"], Assert.Single(pod.Spec.Containers).SecurityContext.Capabilities.Add);
        Assert.Equal(["ALL"], pod.Spec.Containers[0].SecurityContext.Capabilities.Drop);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_Revoked_ProofHasThePodsAndTheTokensEnd()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web", method = "node" }, window = new { duration = "1s" } });
        await host.Api.WhenEndedAsync(id);

        var proof = (await host.Api.ManifestAsync(id)).Revocation!;
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.Equal(
            [
                $"pod {Space}/{id}", $"rolebinding {Space}/{id}", $"serviceaccount {Space}/{id}", $"may system:serviceaccount:{Space}:{id} create pods/exec",
                $"may system:serviceaccount:{Space}:{id} create pods", $"token of system:serviceaccount:{Space}:{id}",
            ],
            proof.Answers.Select(answer => answer.Question));
        Assert.Equal("404 NotFound", proof.Answers[0].Answer);
        Assert.StartsWith("401 ", proof.Answers[^1].Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capture_Stopped_KeepsTheFile()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state);
        var id = await host.Api.OrderAsync(new { target = new { node = new { pod = "shop/web" } }, window = new { duration = "10m" } });
        await host.Api.WhenAsync(id, "capturing");
        await Until.FoundAsync("bytes are seen", Until.Patience, async () =>
            (await host.Api.GetAsync(id))["progress"]!["bytes"]?.GetValue<long>() > CaptureWindow.FileHeaderBytes ? this : null);

        await host.Api.PostAsync($"/api/captures/{id}/stop");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, id);
        Assert.Equal(TapEnd.Stopped, manifest.Tapped!.EndedBy);
        Assert.True(manifest.Evidence.Packets > 0);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_Cancelled_PodAndRightsAreGone()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state);
        var id = await host.Api.OrderAsync(new { target = new { node = new { pod = "shop/web" } }, window = new { duration = "10m" } });
        await host.Api.WhenAsync(id, "capturing");

        await host.Api.PostAsync($"/api/captures/{id}/cancel");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "cancelled", $"{capture}\n{host.Log}");
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_ItsPodDeletedInTheWindow_FailsSoonAsTapGone()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state);
        var id = await host.Api.OrderAsync(new { target = new { node = new { pod = "shop/web" } }, window = new { duration = "1m" } });
        await host.Api.WhenAsync(id, "capturing");

        await Sandbox.Admin.CoreV1.DeleteNamespacedPodAsync(id, Space, gracePeriodSeconds: 0);
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "failed", $"{capture}\n{host.Log}");
        Assert.Contains(capture["faults"]!.AsArray(), fault => fault!["code"]!.GetValue<string>() == FaultCodes.TapGone);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_WholeNodeWherePolicyAllows_ExcludesItsOwnWay()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state, ("CaptureFlow__Policy__AllowNodes", "true"));

        var id = await host.Api.OrderAsync(new { target = new { node = "sandbox-node" }, window = new { duration = "2s" }, filter = "tcp" });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, id);
        Assert.Equal("(not (tcp port 10250 and (host 10.244.0.1))) and (tcp)", manifest.Plan.Filter);
        Assert.True(manifest.Evidence.Packets > 0);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Order_WrongInManyWays_EveryFaultAtOnce()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state, ("CaptureFlow__Policy__HeaderOnlyNamespaces__0", "billing"));

        var (status, problem) = await host.Api.PostAsync("/api/captures?dryRun=true", new
        {
            target = new { node = "nosuch" },
            window = new { duration = "30m", snapLength = "full" },
            filter = new { expression = "tcp) or (udp", port = "http" },
        });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(
            [
                FaultCodes.FilterInvalid, FaultCodes.NodeForbidden, FaultCodes.NodeNotFound, FaultCodes.OrderInvalid, FaultCodes.PayloadForbidden,
                FaultCodes.WindowOverPolicy,
            ],
            problem["errors"]!.AsArray().Select(error => error!["code"]!.GetValue<string>()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Auto_RightsSuffice_ChoosesThePodAndSaysWhy()
    {
        await using var services = SiteAlone.Build(Sandbox.CaptureFlowKubeconfig, only: null, "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();

        var plan = await site.PlanAsync(Order(new("shop", "web", Method: CaptureMethods.Auto)), None);

        Assert.True(plan.Succeeded, string.Join('\n', plan.Faults));
        Assert.Equal((CaptureMethods.Pod, null), (plan.Value.Site, plan.Value.Place));
        Assert.Contains("rights suffice", plan.Value.Choice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auto_NamespaceRefusesTaps_ChoosesTheNodeAndSaysWhy()
    {
        var core = Sandbox.Admin.CoreV1;
        await core.CreateNamespaceAsync(new() { Metadata = new() { Name = "strict", Labels = new Dictionary<string, string> { ["pod-security.kubernetes.io/enforce"] = "baseline" } } });
        await core.CreateNamespacedPodAsync(
            new() { Metadata = new() { Name = "web" }, Spec = new() { Containers = [new() { Name = "app", Image = "nicolaka/netshoot:v0.13", Command = ["sleep", "infinity"] }] } }, "strict");
        await Until.FoundAsync("the pod runs", Until.Patience, async () =>
            (await core.ReadNamespacedPodAsync("web", "strict")).Status is { Phase: "Running", PodIP: not null } ? this : null);
        // Whether the namespace refuses is asked with the server's dry run, as somebody who may patch.
        await using var services = SiteAlone.Build(Sandbox.AdminKubeconfig, only: null, "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();

        var plan = await site.PlanAsync(Order(new("strict", "web", Method: CaptureMethods.Auto)), None);

        Assert.True(plan.Succeeded, string.Join('\n', plan.Faults));
        Assert.Equal((CaptureMethods.NodePod, "sandbox-node"), (plan.Value.Site, plan.Value.Place?.Node));
        Assert.Contains("PodSecurity", $"{plan.Value.Choice}", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Plan_PodOnTheNodesNetwork_RefusesToNarrow()
    {
        await Sandbox.Admin.CoreV1.CreateNamespacedPodAsync(
            new() { Metadata = new() { Name = "agent" }, Spec = new() { HostNetwork = true, Containers = [new() { Name = "app", Image = "nicolaka/netshoot:v0.13", Command = ["sleep", "infinity"] }] } }, "shop");
        await using var services = SiteAlone.Build(Sandbox.CaptureFlowKubeconfig, only: null, "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();
        await Until.FoundAsync("the pod runs", Until.Patience, async () =>
            (await Sandbox.Admin.CoreV1.ReadNamespacedPodAsync("agent", "shop")).Status.Phase == "Running" ? this : null);

        var plan = await site.PlanAsync(Order(new("shop", "agent", Method: CaptureMethods.Node)), None);

        Assert.Equal("target.node.narrow", Assert.Single(plan.Faults).Field);
    }

    [Fact]
    public async Task Sweep_PodPastItsExpiry_IsRemovedAndLiveAndForeignOnesStay()
    {
        await using var services = SiteAlone.Build(Sandbox.CaptureFlowKubeconfig, only: "shop", "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();
        var (left, live) = (await TapAsync(site), await TapAsync(site));
        await Sandbox.Admin.CoreV1.CreateNamespacedPodAsync(
            new() { Metadata = new() { Name = "foreign" }, Spec = new() { Containers = [new() { Name = "app", Image = "nicolaka/netshoot:v0.13", Command = ["sleep", "infinity"] }] } }, Space);
        await Sandbox.ExpireAsync(left.Order.CaptureId, Space);

        var report = await site.SweepAsync(None);

        Assert.Empty(report.Faults);
        Assert.Equal(
            [("pod", left.Order.CaptureId, SweepOutcome.Removed), ("rolebinding", left.Order.CaptureId, SweepOutcome.Removed), ("serviceaccount", left.Order.CaptureId, SweepOutcome.Removed)],
            report.Findings.Select(f => (f.Kind, f.Name, f.Outcome)).Order());
        Assert.Single(report.Live);
        Assert.Equal(new[] { live.Order.CaptureId, "foreign" }.Order(), (await Sandbox.NodePodsAsync()).Select(pod => pod.Name()).Order());
        Assert.True((await site.EnsureRevokedAsync(live, None)).Proven);
        await Sandbox.Admin.CoreV1.DeleteNamespacedPodAsync("foreign", Space, gracePeriodSeconds: 0);
    }

    private static async Task<CapturePlan> TapAsync(ICaptureSite site)
    {
        var plan = await site.PlanAsync(Order(new("shop", "quiet", Method: CaptureMethods.Node)), None);
        Assert.True(plan.Succeeded, string.Join('\n', plan.Faults));
        var grant = await site.EnsureGrantAsync(plan.Value, None);
        Assert.True(grant.Succeeded, string.Join('\n', grant.Faults));
        var tap = await site.EnsureTapAsync(plan.Value, grant.Value, None);
        var again = await site.EnsureTapAsync(plan.Value, grant.Value, None);
        Assert.True(tap.Succeeded && again.Succeeded, string.Join('\n', tap.Faults.Concat(again.Faults)));
        return plan.Value;
    }

    private static CaptureOrder Order(CaptureTarget target) => new(
        CaptureIds.New(), target, new(TimeSpan.FromMinutes(5), 256, 1 << 20), null, "end-to-end test", null, TimeProvider.System.GetUtcNow());

    private static void AssertBounded(V1Pod pod, string id)
    {
        Assert.Equal((id, "sandbox-node", true, false, "Never"), (pod.Name(), pod.Spec.NodeName, pod.Spec.HostNetwork, pod.Spec.AutomountServiceAccountToken, pod.Spec.RestartPolicy));
        Assert.NotEqual(true, pod.Spec.HostPID);
        Assert.True(pod.Spec.ActiveDeadlineSeconds > 0);
        Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
        Assert.NotNull(GrantMarks.ExpiresAt(pod.Metadata));
        Assert.All(pod.Spec.Volumes, volume => Assert.NotNull(volume.EmptyDir?.SizeLimit));
        var context = Assert.Single(pod.Spec.Containers).SecurityContext;
        Assert.Equal((false, false, true), (context.Privileged, context.AllowPrivilegeEscalation, context.ReadOnlyRootFilesystem));
        Assert.Equal(["ALL"], context.Capabilities.Drop);
        Assert.Equal(["NET_RAW"], context.Capabilities.Add);
    }

    private async Task AssertNothingLeftAsync()
    {
        Assert.Empty(await Sandbox.LeftOversAsync());
        Assert.Empty(await Sandbox.NodePodsAsync());
    }

    private Task<HostWithin> StartHostAsync(TemporaryFolder state, params (string Name, string Value)[] settings) =>
        HostWithin.StartAsync(state.Path, Sandbox.CaptureFlowKubeconfig, settings.ToDictionary(s => s.Name, s => s.Value));

    /// <summary>A sandbox where CaptureFlow may capture in all pods and on all nodes.</summary>
    public sealed class Nodes : IAsyncLifetime
    {
        private Harness.Sandbox? _sandbox;

        internal Harness.Sandbox Sandbox => _sandbox ?? throw new InvalidOperationException("The sandbox has not been started.");

        public async ValueTask InitializeAsync() => _sandbox = await Harness.Sandbox.StartAsync(nodes: true);

        public async ValueTask DisposeAsync()
        {
            if (_sandbox is not null)
            {
                await _sandbox.DisposeAsync();
            }
        }
    }
}
