using System.Text;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

public sealed class ShopTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    private const string Web = "/api/v1/namespaces/shop/pods/web";

    [Fact]
    public async Task Tcpdump_InWeb_SeesPlaintextOnLoopbackAndTlsOnTheWire()
    {
        Needs.Packages("tcpdump");
        var name = $"tap-{Space}";

        await Admin.PatchAsync($"{Web}/ephemeralcontainers", EphemeralPatch(
            $"{{ name: {name}, image: nicolaka/netshoot, command: [sh, -c, 'tcpdump -i any -n -U -w /tmp/x.pcap -c 200 && sleep 30'] }}"));
        await WaitForAsync(Web, pod => EphemeralState(pod, name).At("running") is not null);
        await WaitForAsync($"{Web}/log?container={name}", log => log.ToJsonString().Contains("200 packets captured", StringComparison.Ordinal));
        var loopback = await RunAsync(name, "tcpdump -r /tmp/x.pcap -n -A 'tcp port 8080'");
        var wire = await RunAsync(name, "tcpdump -r /tmp/x.pcap -n -x 'tcp port 8443'");

        Assert.Contains(" lo ", loopback, StringComparison.Ordinal);
        Assert.Contains("GET /order/", loopback, StringComparison.Ordinal);
        Assert.Contains("\"item\":\"kettle\"", loopback, StringComparison.Ordinal);
        Assert.Contains(" eth0 ", wire, StringComparison.Ordinal);
        Assert.Contains("1703 03", wire, StringComparison.Ordinal);
        Assert.DoesNotContain("kettle", wire, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_OtherPodsOfTheShop_AreAsTheScenarioSays()
    {
        var pending = await WaitForAsync("/api/v1/namespaces/shop/pods/pending", pod => pod.Text("status", "phase") == "Pending");
        var quiet = await WaitForAsync("/api/v1/namespaces/shop/pods/quiet", pod => pod.Text("status", "phase") == "Running");
        var unpullable = await WaitForAsync(
            "/api/v1/namespaces/shop/pods/unpullable",
            pod => pod.Items("status", "containerStatuses").Single().Text("state", "waiting", "reason") == "ImagePullBackOff");

        Assert.Equal("Unschedulable", pending.Items("status", "conditions").Single().Text("reason"));
        Assert.NotNull(quiet.Text("status", "podIP"));
        Assert.Equal("Pending", unpullable.Text("status", "phase"));
    }

    [Fact]
    public async Task Tcpdump_InQuiet_SeesNothing()
    {
        Needs.Packages("tcpdump");
        var path = ExecClient.Path("shop", "quiet", "sleeper", ["timeout", "-s", "INT", "1.5", "tcpdump", "-i", "any", "-n"]);

        using var socket = await Admin.OpenAsync(path, "v4.channel.k8s.io");
        var outcome = await ExecClient.ReadAsync(socket);

        Assert.Empty(outcome.Text.Trim());
        Assert.Contains("0 packets captured", outcome.Stderr, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string container, string script)
    {
        using var socket = await Admin.OpenAsync(ExecClient.Path("shop", "web", container, ["sh", "-c", script]), "v4.channel.k8s.io");
        var outcome = await ExecClient.ReadAsync(socket);
        Assert.True(outcome.ExitCode == "0", outcome.Stderr);
        return Encoding.UTF8.GetString(outcome.Stdout);
    }
}
