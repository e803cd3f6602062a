using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Stop and cancel on a real Kubernetes.</summary>
public sealed class RealClusterEndedTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    [Fact]
    public async Task Capture_Stopped_EndsAtOnceAndKeepsTheFile()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Busy("stopped"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await host.Api.OrderAsync(Order("stopped"));
        await host.Api.WhenAsync(id, "capturing", Until.Patience);
        await Until.FoundAsync("a packet in the file", Until.Patience, async () =>
            (await host.Api.GetAsync(id))["progress"]!["bytes"]?.GetValue<long>() > CaptureWindow.FileHeaderBytes ? host : null);

        var asked = TimeProvider.System.GetUtcNow();
        await host.Api.PostAsync($"/api/captures/{id}/stop");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "completed", $"{capture}\n{host.Log}");
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, id);
        var finish = manifest.Timeline.Single(step => step.Step == CaptureSteps.FinishCapture);
        output.WriteLine($"finished {(finish.EndedAt!.Value - asked).TotalSeconds:0.00} s after the stop");
        Assert.Equal((TapEnd.Stopped, Verdict.Complete), (manifest.Tapped!.EndedBy, manifest.Evidence.Verdict));
        Assert.True(manifest.Evidence.Packets > 0);
        Assert.InRange(finish.StartedAt - asked, TimeSpan.FromSeconds(-0.1), TimeSpan.FromSeconds(5));
        Assert.Empty(await cluster.LeftOversAsync());
    }

    [Fact]
    public async Task Capture_Cancelled_RevokedAndDiscarded()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Busy("cancelled"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await host.Api.OrderAsync(Order("cancelled"));
        await host.Api.WhenAsync(id, "capturing", Until.Patience);

        var asked = TimeProvider.System.GetUtcNow();
        await host.Api.PostAsync($"/api/captures/{id}/cancel");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "cancelled", $"{capture}\n{host.Log}");
        output.WriteLine($"ended {(TimeProvider.System.GetUtcNow() - asked).TotalSeconds:0.00} s after the cancel\n{capture["revocation"]}");
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        Assert.Empty(await cluster.LeftOversAsync());
        Assert.NotNull((await cluster.TapAsync("cancelled", id))?.State.Terminated);
        Assert.Empty(Directory.EnumerateFiles(state.Path, "*.pcap", SearchOption.AllDirectories));
    }

    private object Order(string pod) => new { target = new { pod = $"{cluster.Namespace}/{pod}" }, window = new { duration = "5m" } };
}
