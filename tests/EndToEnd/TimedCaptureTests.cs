using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Captures by the clock: what passed while they ran is in the file, and they end when they should.</summary>
[Collection(Alone.Name)]
public sealed class TimedCaptureTests(SandboxFixture fixture)
{
    [Fact]
    public async Task Capture_PacedRequests_EveryOneInsideTheWindowIsInTheFile()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);
        await using var load = await PacedLoad.StartAsync(fixture.Sandbox, "paced");

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/paced" }, window = new { duration = "12s" }, filter = "tcp port 8080" });
        var capture = await host.Api.WhenEndedAsync(id);
        var requests = await load.RequestsAsync();

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var manifest = await host.Api.ManifestAsync(id);
        // The container reports the window's start and length; a request counts as inside when it began and ended in it.
        var start = manifest.Tap!.ListeningAt;
        var end = start + TimeSpan.FromSeconds(manifest.Tapped!.WindowSeconds);
        var inside = requests.Where(r => r.Began >= start && r.Ended <= end).Select(r => r.Number).ToList();
        var found = PacedLoad.NumbersIn(await host.Api.FileAsync(id));
        Assert.True(inside.Count >= 500, $"only {inside.Count} requests were made in the window; the machine is too slow for this test");
        Assert.Empty(inside.Except(found));
        Assert.Contains(inside[^1], found);
    }

    [Fact]
    public async Task Capture_Stopped_KeepsEverythingUpToTheStop()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);
        await using var load = await PacedLoad.StartAsync(fixture.Sandbox, "stopped");
        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/stopped" }, window = new { duration = "10m" } });
        await host.Api.WhenAsync(id, "capturing");
        var first = (await load.RequestsAsync())[^1].Number;
        var last = await Until.FoundAsync("20 more requests", Until.Patience, async () =>
            (await load.RequestsAsync())[^1].Number is var n && n > first + 20 ? (object)n : null);

        var asked = DateTimeOffset.UnixEpoch + TimeSpan.FromMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        await host.Api.PostAsync($"/api/captures/{id}/stop");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "completed", $"{capture}\n{host.Log}");
        var manifest = await host.Api.ManifestAsync(id);
        Assert.Equal(TapEnd.Stopped, manifest.Tapped!.EndedBy);
        Assert.Equal(Verdict.Complete, manifest.Evidence.Verdict);
        Assert.Empty(Enumerable.Range(first + 1, (int)last - first).Except(PacedLoad.NumbersIn(await host.Api.FileAsync(id))));
        var finish = manifest.Timeline.Single(step => step.Step == CaptureSteps.FinishCapture);
        Assert.InRange(finish.StartedAt - asked, TimeSpan.FromSeconds(-0.1), TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Capture_SilentPod_EndsOnTimeWithAValidEmptyFile()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/quiet" }, window = new { duration = "3s" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Empty", $"{capture}\n{host.Log}");
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, id);
        Assert.Equal((2, 0L, true, true), (manifest.Tapped!.Canaries, manifest.Walked!.OthersPackets, manifest.Walked.FirstCanary, manifest.Walked.LastCanary));
        Assert.Contains("saw the canary packets", manifest.Evidence.Reasons[0], StringComparison.Ordinal);
        var finished = manifest.Timeline.Single(step => step.Step == CaptureSteps.FinishCapture).EndedAt!.Value;
        Assert.InRange(finished - manifest.Tap!.ListeningAt, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5.5));
    }

    [Fact]
    public async Task Capture_Cancelled_RevokedAndDiscardedAtOnce()
    {
        var sandbox = fixture.Sandbox;
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
        await host.Api.WhenAsync(id, "capturing");

        var asked = TimeProvider.System.GetUtcNow();
        await host.Api.PostAsync($"/api/captures/{id}/cancel");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "cancelled", $"{capture}\n{host.Log}");
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        Assert.Empty(await sandbox.LeftOversAsync());
        Assert.NotNull(Assert.Single(await sandbox.TapsAsync(id)).State.Terminated);
        Assert.Empty(Directory.EnumerateFiles(state.Path, "*.pcap", SearchOption.AllDirectories));
        var revoke = capture["progress"]!["timeline"]!.AsArray().First(step => step!["step"]!.GetValue<string>() == CaptureSteps.RevokePermission)!;
        Assert.InRange(revoke["startedAt"]!.GetValue<DateTimeOffset>() - asked, TimeSpan.FromSeconds(-0.1), TimeSpan.FromSeconds(2));
    }
}
