using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Whole captures on a real Kubernetes: kubelet, container runtime, RBAC and all.</summary>
public sealed class RealClusterCaptureTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    private const int Requests = 500;

    [Fact]
    public async Task Capture_PodUnderLoad_EveryRequestIsInTheFile()
    {
        RealCluster.SkipUnlessWanted();
        var web = await cluster.RunAsync(RealPods.Web("web"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);

        var asked = TimeProvider.System.GetUtcNow();
        var id = await host.Api.OrderAsync(Order("web", "5m", filter: "tcp port 8080"));
        await host.Api.WhenAsync(id, "capturing", Until.Patience);
        await cluster.RunAsync(RealPods.Client("client", web, Requests));
        await cluster.WhenAsync("client", pod => pod.Status.Phase == "Succeeded");
        await host.Api.PostAsync($"/api/captures/{id}/stop");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, id);
        output.WriteLine($"listening {(manifest.Tap!.ListeningAt - asked).TotalSeconds:0.00} s after the order; {manifest.Evidence.Packets} packets, {file.Length} bytes");
        Assert.Empty(Enumerable.Range(1, Requests).Except(RealPods.NumbersIn(file)));
        Assert.Equal(0, manifest.Tapped!.PacketsDroppedByKernel);
        Assert.Empty(await cluster.LeftOversAsync());
    }

    [Fact]
    public async Task Capture_RestrictedPod_IsWhole()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Restricted("restricted"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);

        var id = await host.Api.OrderAsync(Order("restricted", "3s"));
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, id);
        Assert.True(manifest.Evidence.Packets > 0);
        Assert.Empty(await cluster.LeftOversAsync());
    }

    [Fact]
    public async Task Capture_SilentPod_EndsOnTimeWithAValidEmptyFile()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Web("silent"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);

        // A filter that nothing but the canary matches: on some clusters even an idle pod hears of its neighbours.
        var id = await host.Api.OrderAsync(Order("silent", "3s", filter: "port 9"));
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Empty", $"{capture}\n{host.Log}");
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, id);
        var late = manifest.Timeline.Single(step => step.Step == CaptureSteps.FinishCapture).EndedAt!.Value - manifest.Tap!.ListeningAt - TimeSpan.FromSeconds(3);
        output.WriteLine($"finished {late.TotalSeconds:0.00} s after the window");
        Assert.Equal((TapEnd.Window, 2, 0L), (manifest.Tapped!.EndedBy, manifest.Tapped.Canaries, manifest.Walked!.OthersPackets));
        Assert.InRange(manifest.Tapped.WindowSeconds, 3, 3.5);
        Assert.InRange(late, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Capture_SamePodAgain_BothAreWholeAndTheFirstContainerHasEnded()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Busy("twice"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);

        var first = await host.Api.OrderAsync(Order("twice", "2s"));
        var firstEnded = await host.Api.WhenEndedAsync(first);
        var second = await host.Api.OrderAsync(Order("twice", "2s"));
        var secondEnded = await host.Api.WhenEndedAsync(second);

        Assert.True(firstEnded["verdict"]?.GetValue<string>() == "Complete", $"{firstEnded}\n{host.Log}");
        Assert.True(secondEnded["verdict"]?.GetValue<string>() == "Complete", $"{secondEnded}\n{host.Log}");
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, second);
        Assert.Equal([first], manifest.Plan.EarlierTaps);
        Assert.NotNull((await cluster.TapAsync("twice", first))?.State.Terminated);
        Assert.NotNull((await cluster.TapAsync("twice", second))?.State.Terminated);
        Assert.Empty(await cluster.LeftOversAsync());
    }

    private object Order(string pod, string duration, string? filter = null) =>
        new { target = new { pod = $"{cluster.Namespace}/{pod}" }, window = new { duration, snapLength = 512 }, filter };
}
