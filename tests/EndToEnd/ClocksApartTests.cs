using System.Globalization;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using k8s;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>
/// Clocks of hosts and API server apart: no host's reaper touches what is live, and none leaves what has expired. The API server's clock is the machine's.
/// </summary>
public sealed class ClocksApartTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Theory]
    [InlineData("01:00:00")]
    [InlineData("-01:00:00")]
    public async Task Reaper_OfAHostWhoseClockIsApart_LeavesALiveCaptureAlone(string ahead)
    {
        var sandbox = fixture.Sandbox;
        using var state = new TemporaryFolder();
        await using var host = await WithinAsync(state);
        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
        await host.Api.WhenAsync(id, "capturing");

        using var other = new TemporaryFolder();
        await using var reaper = await WithinAsync(other, ahead);
        await SweptAsync(reaper);
        using HttpClient client = new(new SocketsHttpHandler());
        var audit = JsonNode.Parse(await client.GetStringAsync(new Uri(reaper.Api.Server, "/api/audit")))!;
        await host.Api.PostAsync($"/api/captures/{id}/stop");
        var capture = await host.Api.WhenEndedAsync(id);

        // The tap of a killed host, of the other test, may still be there and found; this capture may not.
        Assert.DoesNotContain(audit["overdue"]!.AsArray(), found => found!["captureId"]!.GetValue<string>() == id);
        var grant = audit["grants"]!.AsArray().Single(grant => grant!["captureId"]!.GetValue<string>() == id)!;
        Assert.InRange(grant["ageSeconds"]!.GetValue<double>(), 0, 120);
        Assert.DoesNotContain(reaper.Log.Split('\n'), line => line.Contains("Sweep found", StringComparison.Ordinal) && line.Contains(id, StringComparison.Ordinal));
        Assert.True(capture["status"]!.GetValue<string>() == "completed" && capture["verdict"]!.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        Assert.DoesNotContain(await sandbox.LeftOversAsync(), left => left.EndsWith(id, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("00:05:00", "00:00:00")]
    [InlineData("00:00:00", "-00:05:00")]
    public async Task Reaper_GrantOfAnotherClock_IsTakenBackWithItsExpiryByTheServers(string granting, string reaping)
    {
        var sandbox = fixture.Sandbox;
        string id;
        using (var lost = new TemporaryFolder())
        {
            await using var host = await HostProcess.StartAsync(lost.Path, sandbox.CaptureFlowKubeconfig, null, Settings(granting));
            id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
            await host.Api.WhenAsync(id, "capturing");
            await host.KillAsync();
        }

        var binding = await sandbox.Admin.RbacAuthorizationV1.ReadNamespacedRoleBindingAsync(id, "shop");
        var lifetime = DateTimeOffset.Parse(binding.Metadata.Annotations["captureflow.io/expires-at"], CultureInfo.InvariantCulture) - binding.Metadata.CreationTimestamp!.Value;
        await sandbox.ExpireAsync(id, at: TimeProvider.System.GetUtcNow().AddSeconds(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        using var state = new TemporaryFolder();
        await using var reaper = await WithinAsync(state, reaping);

        await Until.FoundAsync("the reaper took the expired grant back", Until.Patience, async () =>
            (await sandbox.LeftOversAsync()).Any(left => left.EndsWith(id, StringComparison.Ordinal)) ? null : sandbox);

        // Allowance for the start, window, linger, and slack: nothing of the clock's five minutes.
        Assert.InRange(lifetime, TimeSpan.FromMinutes(31.5), TimeSpan.FromMinutes(32.5));
    }

    private Task<HostWithin> WithinAsync(TemporaryFolder state, string ahead = "00:00:00") =>
        HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig, Settings(ahead));

    private static Dictionary<string, string> Settings(string ahead) => new() { ["FAULTHOST_CLOCK"] = ahead, ["Logging__LogLevel__CaptureFlow"] = "Information" };

    private static Task<TestHost> SweptAsync(TestHost host) => Until.FoundAsync(
        "the host has swept", Until.Patience, () => Task.FromResult(host.Log.Contains("Sweep: ", StringComparison.Ordinal) ? host : null));
}
