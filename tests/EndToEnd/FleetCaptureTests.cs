using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Several pods in one order: a shared window, partial success, one report.</summary>
public sealed class FleetCaptureTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Order_SelectorOfFivePodsOneOfThemTooSmall_TheOthersShareOneWindow()
    {
        var sandbox = fixture.Sandbox;
        foreach (var pod in (string[])["fleet-a", "fleet-b", "fleet-c", "fleet-d", "fleet-small"])
        {
            await sandbox.Admin.CoreV1.CreateNamespacedPodAsync(Sleeper(pod, storage: pod == "fleet-small" ? "1Mi" : null), "shop");
        }

        await Until.FoundAsync("the pods run", Until.Patience, async () =>
            (await sandbox.Admin.CoreV1.ListNamespacedPodAsync("shop", labelSelector: "app=fleet")).Items.All(pod => pod.Status.Phase == "Running") ? sandbox : null);
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { @namespace = "shop", selector = "app=fleet" }, window = new { duration = "3s" } });
        var fleet = await host.Api.WhenEndedAsync(id);

        Assert.True(Text(fleet["status"]) == "completed", $"{fleet}\n{host.Log}");
        var members = fleet["members"]!.AsArray();
        Assert.Equal(["fleet-a", "fleet-b", "fleet-c", "fleet-d", "fleet-small"], members.Select(member => Text(member!["pod"])));
        Assert.Equal(("refused", FaultCodes.StorageOverLimit), (Text(members[4]!["status"]), Text(members[4]!["faults"]![0]!["code"])));
        var (from, until) = (fleet["window"]!["from"]!.GetValue<DateTimeOffset>(), fleet["window"]!["until"]!.GetValue<DateTimeOffset>());
        Assert.Equal(TimeSpan.FromSeconds(3), until - from);
        foreach (var member in members.Take(4))
        {
            Assert.Equal(("completed", "Empty", true), (Text(member!["status"]), Text(member["verdict"]), member["rightsGone"]!.GetValue<bool>()));
            var manifest = await host.Api.ManifestAsync(Text(member["id"]));
            Assert.Equal(id, manifest.Plan.Order.Fleet!.FleetId);
            // The tap listened before the shared window began, and until it ended.
            Assert.True(manifest.Tap!.ListeningAt <= from, $"{manifest.Tap.ListeningAt:O} {from:O}");
            Assert.True(manifest.Tap.ListeningAt.AddSeconds(manifest.Tapped!.WindowSeconds + 0.1) >= until, $"{manifest.Tap} {manifest.Tapped} {until:O}");
            Assert.True(manifest.Revocation!.Proven);
        }

        Assert.Empty(await sandbox.LeftOversAsync());
    }

    [Fact]
    public async Task Order_DeploymentAndItsService_CapturesThePortThatTheServiceSendsTo()
    {
        var sandbox = fixture.Sandbox;
        await sandbox.Admin.AppsV1.CreateNamespacedDeploymentAsync(
            new()
            {
                Metadata = new() { Name = "web" },
                Spec = new() { Selector = new() { MatchLabels = new Dictionary<string, string> { ["app"] = "web" } }, Template = new() },
            },
            "shop");
        await sandbox.Admin.CoreV1.CreateNamespacedServiceAsync(
            new()
            {
                Metadata = new() { Name = "web" },
                Spec = new() { Selector = new Dictionary<string, string> { ["app"] = "web" }, Ports = [new() { Port = 443, TargetPort = "https" }] },
            },
            "shop");
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new
        {
            target = new { @namespace = "shop", workload = "deploy/web" },
            window = new { duration = "2s" },
            filter = new { service = "web" },
        });
        var fleet = await host.Api.WhenEndedAsync(id);

        var member = Assert.Single(fleet["members"]!.AsArray())!;
        Assert.Equal(("completed", "web", "Complete"), (Text(fleet["status"]), Text(member["pod"]), Text(member["verdict"])));
        var manifest = await host.Api.ManifestAsync(Text(member["id"]));
        Assert.Equal(["--", "tcp port 8443"], manifest.Plan.Arguments.TakeLast(2));
        Assert.True(manifest.Evidence.Packets > 0);
    }

    [Fact]
    public async Task Order_StoppedInsideTheWindow_EveryPodEndsAndKeepsItsFile()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);
        var id = await host.Api.OrderAsync(new { target = new { @namespace = "shop", selector = "app in (web, client)" }, window = new { duration = "10m" } });
        await host.Api.WhenAsync(id, "capturing");

        await host.Api.PostAsync($"/api/captures/{id}/stop");
        var fleet = await host.Api.WhenEndedAsync(id);

        Assert.Equal("completed", Text(fleet["status"]));
        Assert.All(fleet["members"]!.AsArray(), member => Assert.Equal("Complete", Text(member!["verdict"])));
        Assert.Equal(2, Directory.EnumerateFiles(state.Path, "*.pcap", SearchOption.AllDirectories).Count());
    }

    [Theory]
    [InlineData("nosuch=1", null, FaultCodes.NoPods)]
    [InlineData("app=pending", null, FaultCodes.NoPods)]
    [InlineData(null, "deployment/nosuch", FaultCodes.WorkloadNotFound)]
    [InlineData("app=web", "11", FaultCodes.TooManyPods)]
    public async Task Order_NothingToCaptureIn_Refused(string? selector, string? other, string code)
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);
        JsonObject target = new() { ["namespace"] = "shop" };
        if (selector is null)
        {
            target["workload"] = other;
        }
        else
        {
            target["selector"] = selector;
            target["maxPods"] = other is null ? null : int.Parse(other, System.Globalization.CultureInfo.InvariantCulture);
        }

        var id = await host.Api.OrderAsync(new { target });
        var fleet = await host.Api.WhenEndedAsync(id);

        Assert.Equal(("refused", code), (Text(fleet["status"]), Text(Assert.Single(fleet["faults"]!.AsArray())!["code"])));
    }

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static V1Pod Sleeper(string name, string? storage) => new()
    {
        Metadata = new() { Name = name, Labels = new Dictionary<string, string> { ["app"] = "fleet" } },
        Spec = new()
        {
            Containers =
            [
                new()
                {
                    Name = "sleeper",
                    Image = "nicolaka/netshoot:v0.13",
                    Command = ["sleep", "infinity"],
                    Resources = storage is null ? null : new() { Limits = new Dictionary<string, ResourceQuantity> { ["ephemeral-storage"] = new(storage) } },
                },
            ],
        },
    };
}
