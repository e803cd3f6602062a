using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The most telling of the faults that the sandbox's captures are put to, on a real cluster: API server and pods that go away have tests of their own.</summary>
public sealed class RealClusterFaultTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    private static readonly TimeSpan Soon = Until.Patience;

    [Theory]
    [InlineData("grant:after")]
    [InlineData("attach:after")]
    [InlineData("retrieve:during")]
    [InlineData("revoke:before")]
    public async Task Capture_HostKilledAndStartedAgain_IsCompleteWithOneContainer(string point)
    {
        RealCluster.SkipUnlessWanted();
        var pod = await TalkAsync($"killed-{point.Replace(':', '-')}");
        using var state = new TemporaryFolder();
        await using var doomed = await cluster.StartHostAsync(state, pauseAt: point);
        var id = await OrderAsync(doomed, pod, "3s");
        await doomed.PausedAsync(point, Soon);
        await doomed.KillAsync();

        await using var host = await cluster.StartHostAsync(state);
        var capture = await host.Api.WhenEndedAsync(id, Soon);

        await HoldAsync(host, pod, id, capture, "completed", nameof(Verdict.Complete));
    }

    [Fact]
    public async Task Capture_HostStandsStillInTheGrantAndGoesOnAfterTheEnd_TakesBackWhatItMade()
    {
        RealCluster.SkipUnlessWanted();
        var pod = await TalkAsync("late-grant");
        using var state = new TemporaryFolder();
        (string, string)[] shared = [("FAULTHOST_HISTORY", Path.Combine(state.Path, "shared.db")), ("CaptureFlow__FolderStore__Folder", Path.Combine(state.Path, "evidence"))];
        using TemporaryFolder first = new(), second = new();
        await using var late = await cluster.StartHostAsync(first, "grant:before", null, shared);
        var id = await OrderAsync(late, pod, "3s");
        await late.PausedAsync("grant:before", Soon);
        await using var host = await cluster.StartHostAsync(second, null, null, shared);
        await host.Api.WhenEndedAsync(id, Soon);

        await late.GoOnAsync();
        await Until.FoundAsync("the late host has taken back what it made", Soon, () =>
            Task.FromResult(late.Log.Contains("has taken back what it made; proven: True", StringComparison.Ordinal) ? late : null));

        await HoldAsync(host, pod, id, await host.Api.GetAsync(id), "completed", nameof(Verdict.Complete));
    }

    [Theory]
    [InlineData("-KILL")]
    [InlineData("-TERM")]
    public async Task Capture_TcpdumpEndedFromOutside_IsPartialAndKeepsWhatItWrote(string signal)
    {
        RealCluster.SkipUnlessWanted();
        var pod = await TalkAsync(signal == "-KILL" ? "tcpdump-killed" : "tcpdump-ended");
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await OrderAsync(host, pod, "5m");
        await host.Api.WhenAsync(id, "capturing", Soon);

        await cluster.ExecAsync(pod, id, $"until [ -s /tmp/captureflow/{id}/capture.pcap ]; do sleep 0.1; done; for p in /proc/[0-9]*; do if [ \"$(cat $p/comm)\" = tcpdump ]; then kill {signal} ${{p#/proc/}}; fi; done");
        var capture = await host.Api.WhenEndedAsync(id, Soon);

        await HoldAsync(host, pod, id, capture, "completed", nameof(Verdict.Partial));
    }

    [Fact]
    public async Task Capture_FileChangedAfterItsHashWasTaken_IsPartialAndSaysSo()
    {
        RealCluster.SkipUnlessWanted();
        var pod = await TalkAsync("changed");
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state, pauseAt: "finish:after");
        var id = await OrderAsync(host, pod, "3s");
        await host.PausedAsync("finish:after", Soon);

        await cluster.ExecAsync(pod, id, $"printf X | dd of=/tmp/captureflow/{id}/capture.pcap bs=1 seek=70 conv=notrunc");
        await host.GoOnAsync();
        var capture = await host.Api.WhenEndedAsync(id, Soon);

        Assert.Contains(FaultCodes.FileMismatch, $"{capture["faults"]}", StringComparison.Ordinal);
        await HoldAsync(host, pod, id, capture, "completed", nameof(Verdict.Partial));
    }

    [Fact]
    public async Task Capture_PodEvicted_FailsAsPodGoneAndLeavesNothing()
    {
        RealCluster.SkipUnlessWanted();
        var pod = await TalkAsync("evicted");
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await OrderAsync(host, pod, "5m");
        await host.Api.WhenAsync(id, "capturing", Soon);

        await cluster.Admin.CoreV1.CreateNamespacedPodEvictionAsync(
            new V1Eviction { Metadata = new() { Name = pod, NamespaceProperty = cluster.Namespace } }, pod, cluster.Namespace);
        var capture = await host.Api.WhenEndedAsync(id, Soon);

        Assert.Equal(("failed", "Failed"), (capture["status"]!.GetValue<string>(), capture["verdict"]?.GetValue<string>()));
        Assert.Contains(FaultCodes.PodGone, $"{capture["faults"]}", StringComparison.Ordinal);
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        Assert.Empty(await cluster.LeftOversAsync());
    }

    [Fact]
    public async Task Capture_HostAndItsStateLost_AnothersReaperTakesTheExpiredGrantBack()
    {
        RealCluster.SkipUnlessWanted();
        var pod = await TalkAsync("orphaned");
        string id;
        using (var lost = new TemporaryFolder())
        {
            await using var doomed = await cluster.StartHostAsync(lost);
            id = await OrderAsync(doomed, pod, "5m");
            await doomed.Api.WhenAsync(id, "capturing", Soon);
            await doomed.KillAsync();
        }

        await cluster.ExpireAsync(id);
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        await Until.FoundAsync("the reaper took it back", Soon, async () => (await cluster.LeftOversAsync()).Any(item => item.EndsWith(id, StringComparison.Ordinal)) ? null : host);
    }

    private async Task<string> TalkAsync(string name)
    {
        await cluster.RunAsync(RealPods.Busy(name));
        return name;
    }

    private Task<string> OrderAsync(HostProcess host, string pod, string window) =>
        host.Api.OrderAsync(new { target = new { pod = $"{cluster.Namespace}/{pod}" }, window = new { duration = window } });

    private async Task HoldAsync(HostProcess host, string pod, string id, JsonNode capture, string status, string verdict)
    {
        Assert.True((capture["status"]!.GetValue<string>(), capture["verdict"]?.GetValue<string>()) == (status, verdict), $"{capture}\n{host.Log}");
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        var (manifest, file) = await StoredCapture.VerifiedAsync(host.Api, id);
        output.WriteLine($"{manifest.Evidence.Verdict}: {file.Length} bytes, {manifest.Evidence.Packets} packets\n{string.Join('\n', manifest.Evidence.Reasons)}");
        Assert.True(manifest.Evidence.Packets > 0);
        Assert.Single((await cluster.PodAsync(pod)).Spec.EphemeralContainers);
        Assert.NotNull((await cluster.TapAsync(pod, id))!.State.Terminated);
        Assert.DoesNotContain(await cluster.LeftOversAsync(), item => item.EndsWith(id, StringComparison.Ordinal));
    }
}
