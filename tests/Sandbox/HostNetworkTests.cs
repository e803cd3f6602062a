using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

/// <summary>Pods on the node's own network, as captures on nodes make them.</summary>
public sealed class HostNetworkTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    private const string Look = "readlink /proc/self/ns/net; hostname; ip -o link | grep -c veth";

    [Fact]
    public async Task Create_OnTheNodesNetwork_HasTheNodesAddressNameAndInterfaces()
    {
        var first = await LookAsync("first", "hostNetwork: true, ");
        var second = await LookAsync("second", "hostNetwork: true, ");
        var other = await LookAsync("other", "");

        Assert.Equal(first.Pod.Text("status", "hostIP"), first.Pod.Text("status", "podIP"));
        Assert.NotEqual(first.Pod.Text("status", "podIP"), other.Pod.Text("status", "podIP"));
        Assert.Equal(first.Pod.Text("spec", "nodeName"), first.Said[1]);
        Assert.Equal("other", other.Said[1]);
        Assert.Equal(first.Said[0], second.Said[0]);
        Assert.NotEqual(first.Said[0], other.Said[0]);
        // One per pod of the shop, and the other's.
        Assert.True(int.Parse(first.Said[2], System.Globalization.CultureInfo.InvariantCulture) > 1, first.Said[2]);
        Assert.Equal("0", other.Said[2]);
    }

    [Fact]
    public async Task Create_OnTheNodesNetwork_SeesAnotherPodsPackets()
    {
        await CreatePodAsync("talker", "{ containers: [ { name: main, image: netshoot, command: [bash, -c, 'while :; do echo >/dev/udp/10.244.0.1/9; sleep 0.05; done'] } ] }");
        var talker = await WaitForPodAsync("talker", pod => pod.Text("status", "phase") == "Running");

        await CreatePodAsync("tap", $"{{ hostNetwork: true, restartPolicy: Never, containers: [ {{ name: main, image: netshoot, command: [timeout, '20', tcpdump, -i, any, -n, -c, '1', 'udp port 9 and host {talker.Text("status", "podIP")}'] }} ] }}");
        await WaitForPodAsync("tap", pod => pod.Text("status", "phase") == "Succeeded");
        var (_, log) = await Admin.GetAsync($"{Pods}/tap/log");

        Assert.Contains("1 packet captured", log!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_OnTheNodesNetwork_LeavesTheNetworkToTheNode()
    {
        await LookAsync("first", "hostNetwork: true, ");
        await CreateSleeperAsync("neighbour");

        await Admin.DeleteAsync($"{Pods}/first?gracePeriodSeconds=0");
        await WaitForPodAsync("first", pod => pod.Number("code") == 404);
        var second = await LookAsync("second", "hostNetwork: true, ");

        Assert.True(int.Parse(second.Said[2], System.Globalization.CultureInfo.InvariantCulture) > 1, second.Said[2]);
    }

    private async Task<(JsonNode Pod, string[] Said)> LookAsync(string name, string network)
    {
        await CreatePodAsync(name, $"{{ {network}restartPolicy: Never, containers: [ {{ name: main, image: netshoot, command: [sh, -c, '{Look}; true'] }} ] }}");
        var pod = await WaitForPodAsync(name, now => now.Text("status", "phase") == "Succeeded");
        var (_, log) = await Admin.GetAsync($"{Pods}/{name}/log");
        return (pod, log!.GetValue<string>().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
