using System.Text.Json;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>One host, two sandbox clusters: each gets its own captures and its own sweep.</summary>
public sealed class TwoClustersTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Captures_InBothClusters_EachInItsOwnAndNothingIsLeftInEither()
    {
        var first = fixture.Sandbox;
        await using var second = await Harness.Sandbox.StartAsync();
        using var state = new TemporaryFolder();
        await using var host = await WithinAsync(state, first, second);

        var here = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "1s" } });
        var there = await host.Api.OrderAsync(new { target = new { pod = "shop/web", cluster = "second" }, window = new { duration = "1s" } });
        var ended = await Task.WhenAll(host.Api.WhenEndedAsync(here), host.Api.WhenEndedAsync(there));

        Assert.All(ended, capture => Assert.True(capture["status"]!.GetValue<string>() == "completed", $"{capture}\n{host.Log}"));
        Assert.Equal("second", ended[1]["order"]!["target"]!["cluster"]!.GetValue<string>());
        Assert.Equal((1, 0), ((await first.TapsAsync(here)).Count, (await first.TapsAsync(there)).Count));
        Assert.Equal((0, 1), ((await second.TapsAsync(here)).Count, (await second.TapsAsync(there)).Count));
        Assert.Empty(await first.LeftOversAsync());
        Assert.Empty(await second.LeftOversAsync());
    }

    [Fact]
    public async Task Reaper_ExpiredGrantInTheSecondCluster_IsTakenBackThoughAThirdIsDown()
    {
        await using var second = await Harness.Sandbox.StartAsync();
        string doomed;
        using (var lost = new TemporaryFolder())
        {
            await ConfigureAsync(lost, second);
            await using var host = await HostProcess.StartAsync(lost.Path, fixture.Sandbox.CaptureFlowKubeconfig);
            doomed = await host.Api.OrderAsync(new { target = new { pod = "shop/web", cluster = "second" }, window = new { duration = "10m" } });
            await host.Api.WhenAsync(doomed, "capturing");
            await host.KillAsync();
        }

        await second.ExpireAsync(doomed);
        using var state = new TemporaryFolder();
        var down = Path.Combine(state.Path, "down.kubeconfig");
        await File.WriteAllTextAsync(down, """
            current-context: down
            contexts: [{name: down, context: {cluster: down, user: down}}]
            clusters: [{name: down, cluster: {server: "https://127.0.0.1:1"}}]
            users: [{name: down, user: {token: none}}]
            """);
        await using var fresh = await WithinAsync(state, fixture.Sandbox, second, ("down", down));
        await Until.FoundAsync("the reaper took the expired grant back", Until.Patience, async () =>
            (await second.LeftOversAsync()).Count == 0 ? second : null);

        await Until.FoundAsync("the sweep told of the cluster that is down", Until.Patience, () => Task.FromResult(
            fresh.Log.Contains("of cluster 'down'", StringComparison.Ordinal) ? fresh : null));
    }

    [Fact]
    public async Task Order_UnknownCluster_RefusedNamingTheKnownOnes()
    {
        using var state = new TemporaryFolder();
        await using var host = await WithinAsync(state, fixture.Sandbox, fixture.Sandbox);

        var (status, problem) = await host.Api.PostAsync("/api/captures?dryRun=true", new { target = new { pod = "shop/web", cluster = "third" } });

        Assert.Equal((422, FaultCodes.ClusterUnknown), ((int)status, problem["code"]!.GetValue<string>()));
        Assert.Contains("default, second", problem["errors"]![0]!["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static async Task<HostWithin> WithinAsync(
        TemporaryFolder state, Harness.Sandbox first, Harness.Sandbox second, params (string Name, string KubeConfig)[] more)
    {
        await ConfigureAsync(state, second, more);
        return await HostWithin.StartAsync(state.Path, first.CaptureFlowKubeconfig);
    }

    private static async Task ConfigureAsync(TemporaryFolder state, Harness.Sandbox second, params (string Name, string KubeConfig)[] more)
    {
        var clusters = more.Append((Name: "second", KubeConfig: second.CaptureFlowKubeconfig))
            .ToDictionary(cluster => cluster.Name, cluster => new { Kind = "kubeconfig", cluster.KubeConfig });
        await File.WriteAllTextAsync(
            Path.Combine(state.Path, "captureflow.json"),
            JsonSerializer.Serialize(new { CaptureFlow = new { Clusters = clusters, Cluster = new { RetryFor = "00:00:05" } } }));    }
}
