using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>A label selector on a real Kubernetes.</summary>
public sealed class RealClusterFleetTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    [Fact]
    public async Task Capture_SelectorWithOneOfFiveThatFails_TheOthersAreWholeOverOneWindow()
    {
        RealCluster.SkipUnlessWanted();
        await Task.WhenAll(Enumerable.Range(1, 5).Select(n => cluster.RunAsync(Member($"web-{n}", cramped: n == 5))));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);

        var id = await host.Api.OrderAsync(new
        {
            target = new { @namespace = cluster.Namespace, selector = "app=fleet" }, window = new { duration = "5s", maxBytes = "10MiB" },
        });
        var fleet = await host.Api.WhenEndedAsync(id, Until.Patience);

        output.WriteLine($"{fleet}");
        Assert.True(fleet["status"]!.GetValue<string>() == "completed", $"{fleet}\n{host.Log}");
        var members = fleet["members"]!.AsArray().ToLookup(member => member!["pod"]!.GetValue<string>() == "web-5");
        Assert.Equal("refused", Assert.Single(members[true])!["status"]!.GetValue<string>());
        Assert.Equal(FaultCodes.StorageOverLimit, Assert.Single(members[true])!["faults"]![0]!["code"]!.GetValue<string>());
        Assert.Equal(["web-1", "web-2", "web-3", "web-4"], members[false].Select(member => member!["pod"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        foreach (var member in members[false])
        {
            await AssertWholeAsync(host, member!, fleet["window"]!);
        }

        Assert.Empty(await cluster.LeftOversAsync());
    }

    private static async Task AssertWholeAsync(HostProcess host, JsonNode member, JsonNode window)
    {
        Assert.True(member["verdict"]?.GetValue<string>() == "Complete", $"{member}\n{host.Log}");
        Assert.True(member["rightsGone"]!.GetValue<bool>());
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, member["id"]!.GetValue<string>());
        Assert.True(manifest.Evidence.Packets > 0);
        // The tap's start is known to about 0.1 s.
        var (listening, tolerance) = (manifest.Tap!.ListeningAt, TimeSpan.FromSeconds(0.5));
        Assert.True(listening <= window["from"]!.GetValue<DateTimeOffset>() + tolerance);
        Assert.True(listening.AddSeconds(manifest.Tapped!.WindowSeconds) >= window["until"]!.GetValue<DateTimeOffset>() - tolerance);
    }

    /// <summary>One of the fleet; a cramped one has too little storage for the file.</summary>
    private static V1Pod Member(string name, bool cramped)
    {
        var pod = RealPods.Busy(name);
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = "fleet" };
        if (cramped)
        {
            pod.Spec.Containers[0].Resources = new() { Limits = new Dictionary<string, ResourceQuantity> { ["ephemeral-storage"] = new("4Mi") } };
        }

        return pod;
    }
}
