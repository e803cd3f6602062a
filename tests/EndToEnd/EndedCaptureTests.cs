using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Cancel, and the reaper when there is nobody left to revoke.</summary>
public sealed class EndedCaptureTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
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
        await using var fresh = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        var live = await fresh.Api.OrderAsync(new { target = new { pod = "shop/client" }, window = new { duration = "10m" } });
        await fresh.Api.WhenAsync(live, "capturing");
        await Until.FoundAsync("the reaper took the expired grant back", Until.Patience, async () =>
            (await sandbox.LeftOversAsync()).Any(item => item.Contains(doomed, StringComparison.Ordinal)) ? null : sandbox);

        Assert.Equal(
            [$"rolebinding shop/{live}", $"serviceaccount captureflow/{live}"],
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

        await using var host = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        await Until.FoundAsync("the overdue container has ended", Until.Patience, async () =>
            (await sandbox.TapsAsync(overdue, "quiet")) is [{ State.Terminated: not null }] ? sandbox : null);
        await Until.FoundAsync("its grant is gone again", Until.Patience, async () =>
            (await sandbox.LeftOversAsync()).Any(item => item.Contains(overdue, StringComparison.Ordinal)) ? null : sandbox);

        var asked = (await sandbox.RequestsAsync()).Where(request => request.Path.Contains(overdue, StringComparison.Ordinal)).ToList();
        Assert.Contains(asked, request => request.User == $"system:serviceaccount:captureflow:{overdue}" && request.Path.Contains("/exec", StringComparison.Ordinal));
    }
}
