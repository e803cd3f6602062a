using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Captures on the node of a pod, on a real Kubernetes: the node's own network, kubelet, runtime and RBAC.</summary>
public sealed class RealClusterNodeTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>, IAsyncLifetime
{
    private const int Requests = 200;
    private const string Space = OwnRights.NodesNamespace;

    private IKubernetes Admin => cluster.Admin;

    public async ValueTask InitializeAsync()
    {
        if (!RealCluster.IsWanted)
        {
            return;
        }

        await Until.FoundAsync("what captures on nodes need is applied", Until.Patience, async () =>
        {
            // The namespace of the test before may still be on its way out.
            var space = (await Admin.CoreV1.ListNamespaceAsync()).Items.FirstOrDefault(item => item.Name() == Space);
            if (space?.Metadata.DeletionTimestamp is not null)
            {
                return null;
            }

            await new OwnRights((Kubernetes)Admin).ApplyNodesAsync();
            return (await Admin.CoreV1.ListNamespacedServiceAccountAsync(Space)).Items.Any(account => account.Name() == "default") ? this : null;
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (RealCluster.IsWanted)
        {
            await new OwnRights((Kubernetes)Admin).RemoveNodesAsync();
        }
    }

    [Fact]
    public async Task Capture_NodeOfAPodUnderLoad_EveryRequestIsInTheFileAndNothingIsLeft()
    {
        RealCluster.SkipUnlessWanted();
        var web = await cluster.RunAsync(RealPods.Web("web"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var asked = TimeProvider.System.GetUtcNow();
        var id = await OrderAsync(host, "web", "5m");
        await cluster.RunAsync(RealPods.Client("client", web, Requests));
        await cluster.WhenAsync("client", pod => pod.Status.Phase == "Succeeded");

        await host.Api.PostAsync($"/api/captures/{id}/stop");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, id);
        output.WriteLine($"listening {(manifest.Tap!.ListeningAt - asked).TotalSeconds:0.00} s after the order; {manifest.Evidence.Packets} packets, {file.Length} bytes");
        output.WriteLine(string.Join('\n', manifest.Revocation!.Answers));
        Assert.Equal((CaptureMethods.NodePod, web.Spec.NodeName), (manifest.Plan.Site, manifest.Plan.Place!.Node));
        Assert.Contains($"host {web.Status.PodIP}", manifest.Plan.Filter, StringComparison.Ordinal);
        Assert.Empty(Enumerable.Range(1, Requests).Except(RealPods.NumbersIn(file)));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_Cancelled_PodAndRightsAreGone()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Web("cancelled"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await OrderAsync(host, "cancelled", "5m");

        await host.Api.PostAsync($"/api/captures/{id}/cancel");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "cancelled", $"{capture}\n{host.Log}");
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_ItsPodDeletedInTheWindow_FailsSoonAsTapGone()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Web("deleted"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await OrderAsync(host, "deleted", "2m");

        await Admin.CoreV1.DeleteNamespacedPodAsync(id, Space, gracePeriodSeconds: 1);
        var capture = await host.Api.WhenEndedAsync(id);

        AssertTapGone(capture, host);
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_ItsPodsDeadlineComes_FailsAsTapGoneWithTheKubeletsReason()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Web("evicted"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await OrderAsync(host, "evicted", "2m");

        // The kubelet ends the pod and keeps its object, as it does with one that it evicts.
        await Admin.CoreV1.PatchNamespacedPodAsync(new V1Patch("""{"spec":{"activeDeadlineSeconds":1}}""", V1Patch.PatchType.MergePatch), id, Space);
        var capture = await host.Api.WhenEndedAsync(id, Until.Patience);

        AssertTapGone(capture, host);
        Assert.Contains("DeadlineExceeded", capture["faults"]!.ToJsonString(), StringComparison.Ordinal);
        await AssertNothingLeftAsync();
    }

    private async Task<string> OrderAsync(HostProcess host, string pod, string duration)
    {
        var id = await host.Api.OrderAsync(new
        {
            target = new { node = new { pod = $"{cluster.Namespace}/{pod}" } },
            window = new { duration, snapLength = 512 },
            filter = "tcp port 8080",
        });
        await host.Api.WhenAsync(id, "capturing", Until.Patience);
        return id;
    }

    private static void AssertTapGone(JsonNode capture, HostProcess host)
    {
        Assert.True(capture["status"]!.GetValue<string>() == "failed", $"{capture}\n{host.Log}");
        Assert.Contains(capture["faults"]!.AsArray(), fault => fault!["code"]!.GetValue<string>() == FaultCodes.TapGone);
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
    }

    private async Task AssertNothingLeftAsync()
    {
        const string ours = "app.kubernetes.io/managed-by=captureflow";
        Assert.Empty(await cluster.LeftOversAsync());
        Assert.Empty((await Admin.CoreV1.ListNamespacedPodAsync(Space)).Items);
        Assert.Empty((await Admin.CoreV1.ListNamespacedServiceAccountAsync(Space, labelSelector: ours)).Items);
        Assert.Empty((await Admin.RbacAuthorizationV1.ListNamespacedRoleBindingAsync(Space, labelSelector: ours)).Items);
    }
}
