using CaptureFlow.EndToEnd.Tests.Harness;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The line between cluster and host breaks: nothing is lost, and nothing cut is called whole.</summary>
public sealed class CutTransferTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await fixture.Sandbox.ClearFaultsAsync();

    [Fact]
    public async Task Retrieval_CutThreeTimesHalfWay_ResumesAndMatches()
    {
        var sandbox = fixture.Sandbox;
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        await using var flood = await Flood.StartAsync(sandbox, "cut");
        var before = (await sandbox.RequestsAsync()).Count;
        await sandbox.FaultAsync(new { method = "GET", path = "/pods/cut/exec.*capture\\.pcap.*bs%3[dD]65536", times = 3, cutAfterBytes = 2_500_000 });

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/cut" }, window = new { duration = "60s", snapLength = "full", maxBytes = "10MiB" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "LimitReached", $"{capture}\n{host.Log}");
        var manifest = await host.Api.ManifestAsync(id);
        Assert.Equal(10 << 20, manifest.Tapped!.Bytes);
        Assert.Equal(manifest.Tapped.Bytes, manifest.Evidence.Bytes);
        Assert.Equal(manifest.Tapped.Sha256, manifest.Evidence.Sha256);
        Assert.Equal(manifest.Tapped.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await host.Api.FileAsync(id))));
        Assert.Equal(3, (await sandbox.RequestsAsync()).Skip(before).Count(request => request.Fault.Length > 0));
    }

    [Fact]
    public async Task Steps_ApiServerThrottlesAndResets_CaptureIsWholeAllTheSame()
    {
        var sandbox = fixture.Sandbox;
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        var before = (await sandbox.RequestsAsync()).Count;
        await sandbox.FaultAsync(new { method = "POST", path = "/serviceaccounts$", times = 1, status = 429, retryAfterSeconds = 1 });
        await sandbox.FaultAsync(new { method = "POST", path = "/rolebindings$", times = 1, reset = "after" });
        await sandbox.FaultAsync(new { method = "PATCH", path = "/ephemeralcontainers", times = 1, status = 500 });
        await sandbox.FaultAsync(new { method = "DELETE", path = "/rolebindings/", times = 1, reset = "after" });
        await sandbox.FaultAsync(new { method = "DELETE", path = "/serviceaccounts/", times = 1, status = 503 });

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "2s" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "completed", $"{capture}\n{host.Log}");
        Assert.Equal("Complete", capture["verdict"]!.GetValue<string>());
        Assert.Empty(await sandbox.LeftOversAsync());
        Assert.Single(await sandbox.TapsAsync(id));
        Assert.Equal(5, (await sandbox.RequestsAsync()).Skip(before).Count(request => request.Fault.Length > 0));
    }
}
