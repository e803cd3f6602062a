using CaptureFlow.EndToEnd.Tests.Harness;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>
/// The host is killed (SIGKILL) while each step in turn is under way, before the step did its work or after it did and before anybody wrote
/// that down; then it is started again on the same state. One grant, one container, one file, and nothing left behind.
/// </summary>
public sealed class KilledHostTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private static readonly TimeSpan ReachedWithin = TimeSpan.FromSeconds(40);

    [Theory]
    [InlineData("plan:before")]
    [InlineData("plan:after")]
    [InlineData("grant:before")]
    [InlineData("grant:after")]
    [InlineData("attach:before")]
    [InlineData("attach:after")]
    [InlineData("observe:before")]
    [InlineData("finish:before")]
    [InlineData("finish:after")]
    [InlineData("retrieve:before")]
    [InlineData("retrieve:during")]
    [InlineData("retrieve:after")]
    [InlineData("store:before")]
    [InlineData("store:after")]
    [InlineData("revoke:before")]
    [InlineData("revoke:after")]
    [InlineData("proof:before")]
    [InlineData("proof:after")]
    public async Task Capture_HostKilledAndStartedAgain_CompletesOnceAndLeavesNothing(string point)
    {
        var sandbox = fixture.Sandbox;
        using var state = new TemporaryFolder();
        var before = await sandbox.RequestsAsync();
        string id;
        await using (var doomed = await HostProcess.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig, pauseAt: point))
        {
            id = await doomed.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "3s" } });
            await doomed.PausedAsync(point, ReachedWithin);
            await doomed.KillAsync();
        }

        await using var host = await HostProcess.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "completed", $"{capture}\n{host.Log}");
        Assert.Equal("Complete", capture["verdict"]!.GetValue<string>());
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        var manifest = await host.Api.ManifestAsync(id);
        Assert.Equal(manifest.Tapped!.Bytes, manifest.Evidence.Bytes);
        Assert.Equal(manifest.Tapped.Sha256, manifest.Evidence.Sha256);
        Assert.Equal(manifest.Evidence.Bytes, (await host.Api.FileAsync(id)).LongLength);
        Assert.NotNull(manifest.Revocation);
        Assert.Single(Directory.EnumerateFiles(state.Path, "capture.pcap", SearchOption.AllDirectories));
        Assert.NotNull(Assert.Single(await sandbox.TapsAsync(id)).State.Terminated);
        Assert.Empty(await sandbox.LeftOversAsync());
        var made = (await sandbox.RequestsAsync()).Skip(before.Count).Where(r => r.Status == 201 && r.Verb == "create").ToList();
        Assert.Single(made, r => r.Path.EndsWith("/serviceaccounts", StringComparison.Ordinal));
        Assert.Single(made, r => r.Path.EndsWith("/rolebindings", StringComparison.Ordinal));
    }
}
