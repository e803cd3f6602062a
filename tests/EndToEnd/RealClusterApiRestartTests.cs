using CaptureFlow.EndToEnd.Tests.Harness;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The API server is killed and started again under the capture: nothing is lost, and nothing is left.</summary>
[Collection(OneRealCluster.Name)]
public sealed class RealClusterApiRestartTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    private static readonly TimeSpan Ended = Until.Patience;

    [Fact]
    public async Task Capture_ApiServerRestartedInTheWindow_EveryRequestIsInTheFile()
    {
        ApiServer.SkipUnlessRestartable();
        var web = await cluster.RunAsync(RealPods.Web("web"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await host.Api.OrderAsync(new
        {
            target = new { pod = $"{cluster.Namespace}/web" }, window = new { duration = "5m", snapLength = 512 }, filter = "tcp port 8080",
        });
        await host.Api.WhenAsync(id, "capturing", Until.Patience);
        await cluster.RunAsync(RealPods.Client("client", web, 500));

        await ApiServer.RestartAsync();
        await cluster.WhenAsync("client", pod => pod.Status.Phase == "Succeeded");
        await host.Api.PostAsync($"/api/captures/{id}/stop");
        var capture = await host.Api.WhenEndedAsync(id, Ended);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, id);
        output.WriteLine($"{manifest.Evidence.Packets} packets in {manifest.Tapped!.WindowSeconds} s");
        Assert.Empty(Enumerable.Range(1, 500).Except(RealPods.NumbersIn(file)));
        Assert.Empty(await cluster.LeftOversAsync());
    }

    [Fact]
    public async Task Capture_ApiServerRestartedInTheRetrieval_ResumesAndMatches()
    {
        ApiServer.SkipUnlessRestartable();
        await cluster.RunAsync(RealPods.Idle("resumed"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state, pauseAt: "retrieve:halfway");
        var id = await host.Api.OrderAsync(new
        {
            target = new { pod = $"{cluster.Namespace}/resumed" },
            window = new { duration = "5m", snapLength = "full", maxBytes = "64MiB" },
            filter = "udp port 9",
        });
        await host.Api.WhenAsync(id, "capturing", Until.Patience);
        await cluster.ExecAsync("resumed", "app", RealPods.FloodLine(128 << 20));
        await host.PausedAsync("retrieve:halfway", Until.Patience);

        await ApiServer.RestartAsync();
        await host.GoOnAsync();
        var capture = await host.Api.WhenEndedAsync(id, Ended);

        Assert.True(capture["status"]!.GetValue<string>() == "completed", $"{capture}\n{host.Log}");
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, id);
        output.WriteLine($"{manifest.Evidence.Verdict}: {file.Length} bytes\n{string.Join('\n', manifest.Evidence.Reasons)}");
        Assert.Equal((64 << 20, manifest.Tapped!.Sha256), (file.Length, manifest.Evidence.Sha256));
        Assert.Empty(manifest.Faults);
        Assert.Contains("transfer cut at byte", host.Log, StringComparison.Ordinal);
        Assert.Empty(await cluster.LeftOversAsync());
    }
}
