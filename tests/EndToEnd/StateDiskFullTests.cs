using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>A real disk that is full under the state folder: a small tmpfs in the host's own mount namespace, which goes with it.</summary>
public sealed class StateDiskFullTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const string Mounted = "mount -t tmpfs -o size=16m tmpfs \"$1\" && shift && exec \"$@\"";

    [Fact]
    public async Task Serve_DiskFills_RightsGoAtOnceOrdersAreToldAndItGoesOnAfterwards()
    {
        Needs.Root();
        Needs.Packages("util-linux", "mount");
        using TemporaryFolder state = new();
        await using var host = ChildProcess.StartWithin(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", Mounted, "sh", state.Path],
            "captureflow-local", "serve", "--anonymous", "--url", "http://127.0.0.1:0", "--state", state.Path, "--kubeconfig", fixture.Sandbox.CaptureFlowKubeconfig);
        var listens = await host.LineAsync("CaptureFlow listens on ", Until.Patience);
        Uri url = new(listens.Split(' ')[3]);
        using CaptureApi api = new(url);
        using HttpClient http = new(new SocketsHttpHandler()) { BaseAddress = url, Timeout = Until.Patience };
        var id = await api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "30s" } });
        await Until.FoundAsync("it captures", Until.Patience, async () => (await api.GetAsync(id))["status"]!.GetValue<string>() == "capturing" ? api : null);

        // Nothing else writes there now but the host, which fails.
        await InsideAsync(host, $"cat /dev/zero > {state.Path}/hog; true");
        var refused = await Until.FoundAsync("an order is refused", Until.Patience, async () =>
            await PostAsync(http) is { StatusCode: HttpStatusCode.ServiceUnavailable } answer ? answer : null);
        using var unready = await http.GetAsync(new Uri("/api/health/ready", UriKind.Relative));
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!;
        await Until.FoundAsync("its rights are gone", Until.Patience, async () => await fixture.Sandbox.LeftOversAsync() is [] ? api : null);
        await InsideAsync(host, $"rm {state.Path}/hog");
        var ended = await api.WhenEndedAsync(id);

        Assert.Equal((FaultCodes.StoreUnavailable, "30"), (problem["code"]!.GetValue<string>(), refused.Headers.RetryAfter?.ToString()));
        Assert.Contains(state.Path, problem["errors"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(ended["revocation"]!["proven"]!.GetValue<bool>(), $"{ended}\n{host.Log}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unready.StatusCode);
        Assert.Equal("failed", JsonNode.Parse(await unready.Content.ReadAsStringAsync())!["checks"]!["stateFolder"]!["status"]!.GetValue<string>());
        using var again = await PostAsync(http);
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient http) =>
        http.PostAsync(new Uri("/api/captures", UriKind.Relative), JsonContent.Create(new { target = new { pod = "shop/web" }, window = new { duration = "1s" } }));

    private static async Task InsideAsync(ChildProcess host, string command)
    {
        ProcessStartInfo start = new("nsenter") { RedirectStandardError = true };
        foreach (var argument in (string[])["--mount", "--target", $"{host.Id}", "sh", "-c", command])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Until.Patience);
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, await errors);
    }
}
