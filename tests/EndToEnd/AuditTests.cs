using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>What <c>audit</c> says before, during and after a capture, and of one that nobody takes back.</summary>
public sealed class AuditTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Audit_BeforeDuringOverdueAndAfter_SaysWhatTheClusterSays()
    {
        var sandbox = fixture.Sandbox;
        using var state = new TemporaryFolder();
        await using var host = await HostProcess.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        var before = await AuditAsync(host);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" }, reason = "slow" });
        await host.Api.WhenAsync(id, "capturing");
        var during = await AuditAsync(host);
        var code = await CommandAsync();
        await host.KillAsync();
        await sandbox.ExpireAsync(id);
        var overdueCode = await CommandAsync();

        using var fresh = new TemporaryFolder();
        await using var reaper = await HostWithin.StartAsync(fresh.Path, sandbox.CaptureFlowKubeconfig);
        var after = await Until.FoundAsync("nothing is overdue or live", Until.Patience, async () =>
            await AuditAsync(reaper) is var audit && audit["state"]!.GetValue<string>() == "None" ? audit : null);

        Assert.Equal("None", before["state"]!.GetValue<string>());
        Assert.StartsWith("No standing access", before["statement"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("Live", during["state"]!.GetValue<string>());
        var grant = Assert.Single(during["grants"]!.AsArray())!;
        Assert.Equal((id, "shop", "anonymous", "slow"), (
            grant["captureId"]!.GetValue<string>(), grant["namespace"]!.GetValue<string>(), grant["requestedBy"]!.GetValue<string>(), grant["reason"]!.GetValue<string>()));
        Assert.InRange(grant["ageSeconds"]!.GetValue<double>(), 0, 60);
        Assert.Equal((0, 1), (code, overdueCode));
        Assert.Empty(after["grants"]!.AsArray());
        Assert.Equal(0, await CommandAsync());
    }

    private static async Task<JsonNode> AuditAsync(TestHost host)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        return JsonNode.Parse(await client.GetStringAsync(new Uri(host.Api.Server, "/api/audit")))!;
    }

    private Task<int> CommandAsync() => CaptureFlowCommand.RunAsync(["audit", "--kubeconfig", fixture.Sandbox.CaptureFlowKubeconfig]);
}
