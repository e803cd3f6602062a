using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Cancel, and the reaper when there is nobody left to revoke.</summary>
public sealed class EndedCaptureTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Capture_Cancelled_RevokedAndDiscardedAtOnce()
    {
        var sandbox = fixture.Sandbox;
        using var state = new TemporaryFolder();
        await using var host = await HostProcess.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
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

    [Fact]
    public async Task Reaper_HostAndItsStateGone_TakesTheExpiredBackAndNothingElse()
    {
        var sandbox = fixture.Sandbox;
        string doomed;
        using (var lost = new TemporaryFolder())
        {
            await using var host = await HostProcess.StartAsync(lost.Path, sandbox.CaptureFlowKubeconfig);
            doomed = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
            await host.Api.WhenAsync(doomed, "capturing");
            await host.KillAsync();
        }

        await sandbox.ExpireAsync(doomed);
        await sandbox.MakeForeignAccountAsync("not-ours");
        using var state = new TemporaryFolder();
        await using var fresh = await HostProcess.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        var live = await fresh.Api.OrderAsync(new { target = new { pod = "shop/client" }, window = new { duration = "10m" } });
        await fresh.Api.WhenAsync(live, "capturing");
        await Until.FoundAsync("the reaper took the expired grant back", TimeSpan.FromSeconds(90), async () =>
            (await sandbox.LeftOversAsync()).Any(item => item.Contains(doomed, StringComparison.Ordinal)) ? null : sandbox);

        Assert.Equal(
            [$"rolebinding shop/{live}", $"serviceaccount shop/{live}"],
            (await sandbox.LeftOversAsync()).Order(StringComparer.Ordinal));
        Assert.True(await sandbox.AccountExistsAsync("not-ours"));
        await fresh.Api.PostAsync($"/api/captures/{live}/cancel");
        Assert.Equal("cancelled", (await fresh.Api.WhenEndedAsync(live))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Reaper_ContainerPastItsDeadline_EndedThroughAGrantOfItsOwn()
    {
        var sandbox = fixture.Sandbox;
        var overdue = CaptureIds.New();
        await sandbox.AttachOverdueAsync("quiet", overdue);
        using var state = new TemporaryFolder();

        await using var host = await HostProcess.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        await Until.FoundAsync("the overdue container has ended", TimeSpan.FromSeconds(90), async () =>
            (await sandbox.TapsAsync(overdue, "quiet")) is [{ State.Terminated: not null }] ? sandbox : null);
        await Until.FoundAsync("its grant is gone again", TimeSpan.FromSeconds(20), async () =>
            (await sandbox.LeftOversAsync()).Any(item => item.Contains(overdue, StringComparison.Ordinal)) ? null : sandbox);

        var asked = (await sandbox.RequestsAsync()).Where(request => request.Path.Contains(overdue, StringComparison.Ordinal)).ToList();
        Assert.Contains(asked, request => request.User == $"system:serviceaccount:shop:{overdue}" && request.Path.Contains("/exec", StringComparison.Ordinal));
    }
}
