using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The pod is deleted under the capture. What was fetched is kept; what was not died with the pod, and nobody says otherwise.</summary>
public sealed class RealClusterPodGoneTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    [Fact]
    public async Task Capture_PodDeletedInTheWindow_IsPartialAndKeepsWhatCameBefore()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Busy("leaving"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await host.Api.OrderAsync(new { target = new { pod = $"{cluster.Namespace}/leaving" }, window = new { duration = "5m" } });
        await host.Api.WhenAsync(id, "capturing", Until.Patience);
        await Until.FoundAsync("packets were seen", Until.Patience, async () =>
            (await host.Api.GetAsync(id))["progress"]?["bytes"]?.GetValue<long>() > CaptureWindow.FileHeaderBytes ? host : null);

        await cluster.DeletePodAsync("leaving", grace: 30);
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True((capture["status"]!.GetValue<string>(), capture["verdict"]?.GetValue<string>()) == ("completed", "Partial"), $"{capture}\n{host.Log}");
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, id);
        output.WriteLine($"kept {file.Length} bytes, {manifest.Evidence.Packets} packets\n{string.Join('\n', manifest.Evidence.Reasons)}\n{string.Join('\n', manifest.Timeline)}");
        Assert.Equal(TapEnd.Terminated, manifest.Tapped!.EndedBy);
        Assert.Equal((manifest.Tapped.Bytes, manifest.Tapped.Sha256), (file.Length, manifest.Evidence.Sha256));
        Assert.True(manifest.Evidence.Packets > 0);
        Assert.Empty(manifest.Faults);
        Assert.Single(manifest.Timeline, step => step.Step == CaptureSteps.RevokePermission);
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        Assert.Empty(await cluster.LeftOversAsync());
    }

    [Fact]
    public async Task Capture_PodDeletedInTheWindowWithHardlyAnyGrace_FailsSoonAsPodGoneAndLeavesNothing()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Busy("doomed"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await host.Api.OrderAsync(new { target = new { pod = $"{cluster.Namespace}/doomed" }, window = new { duration = "5m" } });
        await host.Api.WhenAsync(id, "capturing", Until.Patience);

        await cluster.DeletePodAsync("doomed", grace: 1);
        var gone = TimeProvider.System.GetUtcNow();
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "failed", $"{capture}\n{host.Log}");
        output.WriteLine($"ended {(TimeProvider.System.GetUtcNow() - gone).TotalSeconds:0.00} s after the pod was gone\n{capture["faults"]}");
        var manifest = await host.Api.ManifestAsync(id);
        Assert.All(manifest.Faults, fault => Assert.Equal(FaultCodes.PodGone, fault.Code));
        Assert.NotEmpty(manifest.Faults);
        Assert.Equal((Verdict.Failed, null, 0L), (manifest.Evidence.Verdict, manifest.Evidence.FileName, manifest.Evidence.Bytes));
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        Assert.Empty(await cluster.LeftOversAsync());
    }

    [Fact]
    public async Task Capture_PodDeletedInTheRetrieval_IsPartialAndKeepsWhatWasFetched()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Idle("halfway"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state, pauseAt: "retrieve:halfway");
        var id = await host.Api.OrderAsync(new
        {
            target = new { pod = $"{cluster.Namespace}/halfway" },
            window = new { duration = "5m", snapLength = "full", maxBytes = "64MiB" },
            filter = "udp port 9",
        });
        await host.Api.WhenAsync(id, "capturing", Until.Patience);
        await cluster.ExecAsync("halfway", "app", RealPods.FloodLine(128 << 20));
        await host.PausedAsync("retrieve:halfway", Until.Patience);

        await cluster.DeletePodAsync("halfway", grace: 1);
        await host.GoOnAsync();
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Partial", $"{capture}\n{host.Log}");
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, id);
        output.WriteLine($"kept {file.Length} of {manifest.Tapped!.Bytes} bytes, {manifest.Evidence.Packets} packets\n{string.Join('\n', manifest.Evidence.Reasons)}");
        output.WriteLine(string.Join('\n', manifest.Timeline));
        Assert.Equal("completed", capture["status"]!.GetValue<string>());
        Assert.InRange(file.Length, 32 << 20, manifest.Tapped.Bytes - 1);
        Assert.True(manifest.Evidence.Packets > 0);
        Assert.Contains(manifest.Faults, fault => fault.Code == FaultCodes.PodGone);
        Assert.Empty(await cluster.LeftOversAsync());
    }
}
