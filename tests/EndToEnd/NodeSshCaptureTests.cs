using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Tests.Gce;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>
/// Captures over SSH by a running host, from the order to the proof: the pod and its node are the sandbox cluster's, the node behind the provider id is a
/// real OpenSSH server with a toolbox, Compute Engine is a folder.
/// </summary>
public sealed partial class NodeSshCaptureTests(NodeSshCaptureTests.Nodes fixture) : IClassFixture<NodeSshCaptureTests.Nodes>
{
    private const string Foreign = "alice:ssh-ed25519 AAAAalice alice@laptop\n";

    private Harness.Sandbox Sandbox => fixture.Sandbox;

    private NodeUnderTest Node => fixture.Node;

    [Fact]
    public async Task Capture_PodsNodeOverSsh_IsCompleteProvenAndLeavesNothing()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, Sandbox.CaptureFlowKubeconfig, Settings);

        var id = await OrderAsync(host, "10s");
        await host.Api.WhenAsync(id, "capturing");
        var audit = await AuditAsync(host);
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, id);
        Assert.True(manifest.Evidence.Packets > 0 && file.LongLength == manifest.Tapped!.Bytes);
        Assert.Equal(
            (CaptureMethods.NodeSsh, "sandbox-node", Nodes.ProviderId, $"host {fixture.PodAddress}"),
            (manifest.Plan.Site, manifest.Plan.Place!.Node, manifest.Plan.Place.ProviderId, manifest.Plan.Filter));
        var proof = manifest.Revocation!;
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.Contains(proof.Answers, answer => answer.Answer.Contains("publickey", StringComparison.Ordinal));
        var grant = Assert.Single(audit["grants"]!.AsArray())!;
        Assert.Equal((id, "gce:shop-prod", "europe-west1-b/node-1"), (grant["captureId"]!.GetValue<string>(), grant["cluster"]!.GetValue<string>(), grant["namespace"]!.GetValue<string>()));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Capture_HostKilledInTheWindow_CompletesOnceOnTheNext()
    {
        using var state = new TemporaryFolder();
        string id;
        await using (var doomed = await HostProcess.StartAsync(state.Path, Sandbox.CaptureFlowKubeconfig, null, Settings))
        {
            id = await OrderAsync(doomed, "8s");
            await doomed.Api.WhenAsync(id, "capturing");
            await doomed.KillAsync();
        }

        Assert.Single(KeysOf(id));
        await using var host = await HostWithin.StartAsync(state.Path, Sandbox.CaptureFlowKubeconfig, Settings);
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, id);
        Assert.Equal(TapEnd.Window, manifest.Tapped!.EndedBy);
        Assert.True(manifest.Evidence.Packets > 0);
        Assert.Single(Directory.EnumerateFiles(state.Path, "capture.pcap", SearchOption.AllDirectories));
        await AssertNothingLeftAsync();
    }

    [Fact]
    public async Task Sweep_KeyPastItsExpiryAndNobodyRemembersTheCapture_RemovesItAndLeavesForeignOnes()
    {
        string id;
        using (var forgotten = new TemporaryFolder())
        {
            await using var doomed = await HostProcess.StartAsync(forgotten.Path, Sandbox.CaptureFlowKubeconfig, null, Settings);
            id = await OrderAsync(doomed, "10m");
            await doomed.Api.WhenAsync(id, "capturing");
            await doomed.KillAsync();
        }

        await fixture.WriteKeysAsync(Expiry().Replace(await File.ReadAllTextAsync(fixture.Keys), "\"expireOn\":\"2000-01-01T00:00:00+0000\""));
        Assert.Single(KeysOf(id));
        using var fresh = new TemporaryFolder();
        await using var reaper = await HostWithin.StartAsync(fresh.Path, Sandbox.CaptureFlowKubeconfig, Settings);
        await Until.FoundAsync("the key is gone", Until.Patience, () => Task.FromResult(KeysOf(id).Count == 0 ? this : null));
        var audit = await Until.FoundAsync("nothing is overdue or live", Until.Patience, async () =>
            await AuditAsync(reaper) is var now && now["state"]!.GetValue<string>() == "None" ? now : null);

        Assert.Equal(Foreign, await File.ReadAllTextAsync(fixture.Keys));
        Assert.Empty(audit["grants"]!.AsArray());
        // The tap is bounded by itself; here nobody waits ten minutes for it.
        await Node.OnNodeAsync($"touch /tmp/captureflow/{id}/released");
        await Until.FoundAsync("the tap has ended", Until.Patience, async () =>
            (await Node.OnNodeAsync($"ls /tmp/captureflow/{id}.run")).Contains("exit", StringComparison.Ordinal) ? this : null);
        await Node.OnNodeAsync("rm -r /tmp/captureflow");
    }

    private static Task<string> OrderAsync(TestHost host, string window) =>
        host.Api.OrderAsync(new { target = new { pod = "shop/web", method = "node-ssh" }, window = new { duration = window } });

    private static async Task<JsonNode> AuditAsync(TestHost host)
    {
        using HttpClient client = new(new SocketsHttpHandler());
        return JsonNode.Parse(await client.GetStringAsync(new Uri(host.Api.Server, "/api/audit")))!;
    }

    private List<string> KeysOf(string id) => [.. File.ReadAllLines(fixture.Keys).Where(line => line.Contains(id, StringComparison.Ordinal))];

    private async Task AssertNothingLeftAsync()
    {
        Assert.Equal(Foreign, await File.ReadAllTextAsync(fixture.Keys));
        Assert.Equal("", (await Node.OnNodeAsync("ls -A /tmp")).Trim());
        Assert.Empty(await Sandbox.LeftOversAsync());
        Assert.Empty(await Sandbox.NodePodsAsync());
    }

    private Dictionary<string, string> Settings => new()
    {
        ["FAULTHOST_GCE"] = Node.Folder,
        ["CaptureFlow__Gce__Projects__0"] = "shop-prod",
        ["CaptureFlow__Gce__Tunnel"] = "Direct",
        ["CaptureFlow__Gce__ToolboxAllowance"] = "00:01:00",
        ["CaptureFlow__Gce__LoginWithin"] = "00:00:30",
        ["CaptureFlow__Gce__RefusedWithin"] = "00:00:30",
        ["CaptureFlow__Gce__InstallTcpdump"] = "false",
        ["CaptureFlow__Gce__FreeBytes"] = "1048576",
    };

    [GeneratedRegex("\"expireOn\":\"[^\"]*\"")]
    private static partial Regex Expiry();

    /// <summary>A sandbox whose node is, by provider id and address, one that answers SSH; where the pod's traffic passes.</summary>
    public sealed class Nodes : IAsyncLifetime
    {
        internal const string ProviderId = "gce://shop-prod/europe-west1-b/node-1";

        private Harness.Sandbox? _sandbox;
        private NodeUnderTest? _node;

        internal Harness.Sandbox Sandbox => _sandbox ?? throw new InvalidOperationException("The sandbox has not been started.");

        internal NodeUnderTest Node => _node ?? throw new InvalidOperationException("The node has not been started.");

        internal string PodAddress { get; private set; } = "";

        internal string Keys => Path.Combine(Node.Folder, "ssh-keys");

        public async ValueTask InitializeAsync()
        {
            _node = await NodeUnderTest.StartAsync(new ComputeStandIn { ["ssh-keys"] = Foreign });
            _sandbox = await Harness.Sandbox.StartAsync(nodes: true);
            var core = Sandbox.Admin.CoreV1;
            await core.PatchNodeAsync(new V1Patch($$$"""{"spec":{"providerID":"{{{ProviderId}}}"}}""", V1Patch.PatchType.MergePatch), "sandbox-node");
            await core.PatchNodeStatusAsync(
                new V1Patch($$$"""{"status":{"addresses":[{"type":"InternalIP","address":"{{{Node.Address}}}"}]}}""", V1Patch.PatchType.MergePatch), "sandbox-node");
            PodAddress = (await core.ReadNamespacedPodAsync("web", "shop")).Status.PodIP;
            await Node.TalkAsync(PodAddress);
        }

        internal async Task WriteKeysAsync(string keys)
        {
            await File.WriteAllTextAsync(Keys + ".test", keys);
            File.Move(Keys + ".test", Keys, overwrite: true);
        }

        public async ValueTask DisposeAsync()
        {
            if (_sandbox is not null)
            {
                await _sandbox.DisposeAsync();
            }

            if (_node is not null)
            {
                await _node.DisposeAsync();
            }
        }
    }
}
