using System.Net;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>A pod on its node's network, however it is named: a capture in it is one of its node, for policy and for who reads its plan.</summary>
public sealed class HostNetworkCaptureTests(HostNetworkCaptureTests.Agents fixture) : IClassFixture<HostNetworkCaptureTests.Agents>
{
    private const string Agent = "agent";
    private const string AlertSecret = "an-alert-secret-of-the-tests";

    private Harness.Sandbox Sandbox => fixture.Sandbox;

    private static object Pod => new { pod = $"shop/{Agent}" };

    private static object Workload => new { @namespace = "shop", workload = $"daemonset/{Agent}" };

    private static object Selector => new { @namespace = "shop", selector = $"app={Agent}" };

    [Fact]
    public async Task Order_NodesAreNotAllowed_IsForbiddenWhoeverNamesThePod()
    {
        var before = await TapsAsync();
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(
            state,
            ("Alerts__Bindings__agents__Source", "alertmanager"),
            ("Alerts__Bindings__agents__Authentication__Kind", "bearer"),
            ("Alerts__Bindings__agents__Authentication__Secrets__0", AlertSecret),
            ("Alerts__Bindings__agents__Target__Namespace", "shop"),
            ("Alerts__Bindings__agents__Target__Workload", $"daemonset/{Agent}"));

        foreach (var target in new[] { Pod, Workload, Selector })
        {
            var (status, body) = await DryRunAsync(host, target);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Contains($"\"{FaultCodes.NodeForbidden}\"", body.ToJsonString(), StringComparison.Ordinal);
        }

        var ids = new[] { await AlertAsync(host), await host.Api.OrderAsync(new { target = Workload }), await host.Api.OrderAsync(new { target = Pod }) };
        foreach (var id in ids)
        {
            var ended = await host.Api.WhenEndedAsync(id);
            Assert.Contains($"\"{FaultCodes.NodeForbidden}\"", ended.ToJsonString(), StringComparison.Ordinal);
            Assert.NotEqual("completed", ended["status"]!.GetValue<string>());
        }

        Assert.Equal(before, await TapsAsync());
        Assert.Empty(await Sandbox.LeftOversAsync());
    }

    [Fact]
    public async Task Order_RulesOfAnyNamespace_HoldForTheWholeNode()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(
            state, ("Policy__AllowNodes", "true"), ("Policy__HeaderOnlyNamespaces__0", "billing"), ("Policy__ApprovalNamespaces__0", "billing"));

        foreach (var target in new[] { Pod, Workload, Selector })
        {
            var (status, body) = await DryRunAsync(host, target, "full");
            Assert.Equal((HttpStatusCode.UnprocessableEntity, true), (status, body.ToJsonString().Contains($"\"{FaultCodes.PayloadForbidden}\"", StringComparison.Ordinal)));
            var id = await host.Api.OrderAsync(new { target });

            var waiting = await host.Api.WhenAsync(id, "awaitingApproval");

            Assert.Contains("whole node", (waiting["approval"] ?? waiting["progress"]!["approval"])!["why"]!.ToJsonString(), StringComparison.Ordinal);
            await host.Api.PostAsync($"/api/captures/{id}/cancel");
            await host.Api.WhenEndedAsync(id);
        }
    }

    [Fact]
    public async Task Capture_FleetOverADaemonSet_SeesTheNodeAndSaysSo()
    {
        using var state = new TemporaryFolder();
        await using var host = await StartHostAsync(state, ("Policy__AllowNodes", "true"));

        var id = await host.Api.OrderAsync(new { target = Workload, window = new { duration = "5s", snapLength = "full" } });
        var fleet = await host.Api.WhenEndedAsync(id);
        var member = Assert.Single(fleet["members"]!.AsArray())!["id"]!.GetValue<string>();
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, member);

        Assert.Equal((true, "sandbox-node"), (manifest.Plan.WholeNode, manifest.Plan.Node));
        Assert.Contains("node", manifest.Plan.Sees, StringComparison.Ordinal);
        var copy = Path.Combine(state.Path, "copy.pcap");
        await File.WriteAllBytesAsync(copy, file);
        // What the shop's web pod and its client say to each other: neither of them was named.
        Assert.True((await TrafficReader.ReadAsync(copy, CancellationToken.None)).WireTls > 0);
        Assert.Empty(await Sandbox.LeftOversAsync());
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> DryRunAsync(HostWithin host, object target, string? snapLength = null) =>
        await host.Api.PostAsync("/api/captures?dryRun=true", new { target, window = snapLength is null ? null : new { snapLength } });

    private static async Task<string> AlertAsync(HostWithin host)
    {
        using var sender = host.Api.As("Authorization", $"Bearer {AlertSecret}");
        var (status, answer) = await sender.PostAsync("/api/alerts/alertmanager/agents", new
        {
            version = "4",
            status = "firing",
            alerts = new[] { new { status = "firing", labels = new { alertname = "slow" }, annotations = new { }, startsAt = "2026-03-04T12:00:00Z", fingerprint = "1" } },
        });
        Assert.True(status == HttpStatusCode.Accepted, answer.ToJsonString());
        return answer["started"]![0]!["captureId"]!.GetValue<string>();
    }

    private async Task<IEnumerable<string>> TapsAsync() =>
        ((await Sandbox.Admin.CoreV1.ReadNamespacedPodAsync(Agent, "shop")).Spec.EphemeralContainers ?? []).Select(container => container.Name);

    private Task<HostWithin> StartHostAsync(TemporaryFolder state, params (string Name, string Value)[] settings) =>
        HostWithin.StartAsync(state.Path, Sandbox.CaptureFlowKubeconfig, settings.ToDictionary(s => $"CaptureFlow__{s.Name}", s => s.Value));

    /// <summary>A sandbox with an agent on its node, as a DaemonSet makes one.</summary>
    public sealed class Agents : IAsyncLifetime
    {
        private Harness.Sandbox? _sandbox;

        internal Harness.Sandbox Sandbox => _sandbox ?? throw new InvalidOperationException("The sandbox has not been started.");

        public async ValueTask InitializeAsync()
        {
            _sandbox = await Harness.Sandbox.StartAsync(nodes: true);
            var labels = new Dictionary<string, string> { ["app"] = Agent };
            var spec = new V1PodSpec { HostNetwork = true, Containers = [new() { Name = "app", Image = "nicolaka/netshoot:v0.13", Command = ["sleep", "infinity"] }] };
            await Sandbox.Admin.AppsV1.CreateNamespacedDaemonSetAsync(
                new()
                {
                    Metadata = new() { Name = Agent },
                    Spec = new() { Selector = new() { MatchLabels = labels }, Template = new() { Metadata = new() { Labels = labels }, Spec = spec } },
                },
                "shop");
            // The sandbox keeps a DaemonSet as it is applied, and makes no pods of it.
            await Sandbox.Admin.CoreV1.CreateNamespacedPodAsync(new() { Metadata = new() { Name = Agent, Labels = labels }, Spec = spec }, "shop");
            await Until.FoundAsync("the agent runs", Until.Patience, async () =>
                (await Sandbox.Admin.CoreV1.ReadNamespacedPodAsync(Agent, "shop")).Status?.Phase == "Running" ? this : null);
        }

        public async ValueTask DisposeAsync()
        {
            if (_sandbox is not null)
            {
                await _sandbox.DisposeAsync();
            }
        }
    }
}
