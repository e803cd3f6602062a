using System.Diagnostics;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

public sealed class PodTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    [Fact]
    public async Task Log_TailAndLimit_GiveThatPart()
    {
        await CreatePodAsync("box", "{ restartPolicy: Never, containers: [ { name: main, image: netshoot, command: [sh, -c, 'for i in 1 2 3 4; do echo line$i; done; echo fault >&2'] } ] }");
        await WaitForPodAsync("box", pod => pod.Text("status", "phase") == "Succeeded");

        var all = await LogAsync("");
        var tail = await LogAsync("?tailLines=2");
        var limited = await LogAsync("?limitBytes=5");

        Assert.Equal(5, all.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("fault\n", all, StringComparison.Ordinal);
        Assert.Equal(2, tail.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(5, limited.Length);
    }

    [Fact]
    public async Task Log_Follow_EndsWithTheContainer()
    {
        await CreatePodAsync("box", "{ restartPolicy: Never, containers: [ { name: main, image: netshoot, command: [sh, -c, 'echo one; until [ -p /tmp/gate ]; do sleep 0.05; done; read x < /tmp/gate; echo two'] } ] }");
        await CreateGateAsync();

        await using var stream = await Admin.StreamAsync($"{Pods}/box/log?follow=true");
        using var reader = new StreamReader(stream);
        var first = await reader.ReadLineAsync();
        await OpenGateAsync();
        var rest = await reader.ReadToEndAsync();

        Assert.Equal("one", first);
        Assert.Equal("two\n", rest);
    }

    [Fact]
    public async Task Create_ContainerThatFails_IsFailedWithItsCode()
    {
        await CreatePodAsync("box", "{ restartPolicy: Never, containers: [ { name: main, image: netshoot, command: [sh, -c, 'exit 5'] } ] }");

        var pod = await WaitForPodAsync("box", now => now.Text("status", "phase") == "Failed");

        var state = pod.Items("status", "containerStatuses").Single().At("state", "terminated");
        Assert.Equal((5L, "Error"), (state.Number("exitCode"), state.Text("reason")));
    }

    [Fact]
    public async Task Create_UserIsNotRoot_TcpdumpHasNoPermission()
    {
        await CreatePodAsync("box", "{ restartPolicy: Never, containers: [ { name: main, image: netshoot, command: [tcpdump, -i, any, -c, '1'], securityContext: { runAsUser: 1000 } } ] }");

        await WaitForPodAsync("box", now => now.Text("status", "phase") == "Failed");

        Assert.Contains("You don't have permission", await LogAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_CapabilitiesDropped_AreGone()
    {
        await CreatePodAsync("box", "{ restartPolicy: Never, containers: [ { name: main, image: netshoot, command: [sh, -c, 'grep CapEff /proc/self/status'], securityContext: { capabilities: { drop: [ALL], add: [NET_RAW] } } } ] }");

        await WaitForPodAsync("box", now => now.Text("status", "phase") == "Succeeded");

        // NET_RAW is the 13th.
        Assert.Equal("CapEff:\t0000000000002000\n", await LogAsync(""));
    }

    [Theory]
    [InlineData("netshoot", "", "[NET_RAW]", "1 packet captured")]
    [InlineData("netshoot", "-Z root", "[NET_RAW]", "Couldn't change to 'root'")]
    [InlineData("localhost/debug:1", "", "[NET_RAW]", "Couldn't change")]
    [InlineData("localhost/debug:1", "-Z root", "[NET_RAW]", "Couldn't change to 'root'")]
    [InlineData("localhost/debug:1", "-Z root", "[NET_RAW, SETGID, SETUID]", "1 packet captured")]
    public async Task Create_TcpdumpOfAnImage_ChangesItsUserOrStays(string image, string identity, string capabilities, string says)
    {
        // Some traffic on loopback while tcpdump counts to one.
        var script = $"while :; do echo >/dev/udp/127.0.0.1/9; sleep 0.05; done 2>/dev/null & timeout 20 tcpdump -i lo -n -c 1 {identity} -w /tmp/file -- udp port 9";
        await CreatePodAsync("box", $"{{ restartPolicy: Never, containers: [ {{ name: main, image: '{image}', command: [bash, -c, '{script}'], securityContext: {{ capabilities: {{ drop: [ALL], add: {capabilities} }} }} }} ] }}");

        await WaitForPodAsync("box", now => now.Text("status", "phase") is "Failed" or "Succeeded");

        Assert.Contains(says, await LogAsync(""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_NameOf253Characters_RunsWithTheHostNameCut()
    {
        var name = string.Join('.', new string('a', 97), new string('b', 97), new string('c', 57));

        await CreateSleeperAsync(name);
        using var socket = await Admin.OpenAsync(ExecClient.Path(Space, name, "main", ["hostname"]), "v4.channel.k8s.io");
        var outcome = await ExecClient.ReadAsync(socket);

        Assert.Equal((253, new string('a', 63)), (name.Length, outcome.Text.Trim()));
        Assert.Equal(422, (await Admin.PostAsync(Pods, Json($"{{ metadata: {{ name: {name}x }}, spec: {{ containers: [ {{ name: main, image: netshoot }} ] }} }}"))).Code);
    }

    [Fact]
    public async Task Delete_WithGrace_SendsTermAndWaits()
    {
        await CreatePodAsync("box", "{ containers: [ { name: main, image: netshoot, command: [sh, -c, 'trap \"exit 0\" TERM; echo up; while :; do sleep 0.05; done'] } ] }");
        await WaitForPodAsync("box", pod => pod.Text("status", "phase") == "Running");
        await WaitForAsync($"{Pods}/box/log", log => log is JsonValue value && value.GetValue<string>() == "up\n");
        var watch = Stopwatch.StartNew();

        var (code, marked) = await Admin.DeleteAsync($"{Pods}/box", Json("{ gracePeriodSeconds: 20 }"));
        await WaitForPodAsync("box", now => now.Number("code") == 404);

        Assert.Equal(200, code);
        Assert.NotNull(marked.At("metadata", "deletionTimestamp"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{watch.Elapsed}");
    }

    [Fact]
    public async Task Delete_IgnoresTerm_IsKilledAfterTheGrace()
    {
        await CreateSleeperAsync("box");

        await Admin.DeleteAsync($"{Pods}/box?gracePeriodSeconds=1");

        await WaitForPodAsync("box", now => now.Number("code") == 404);
    }

    [Fact]
    public async Task Patch_Labels_ChangesThemOnly()
    {
        await CreateSleeperAsync("box");

        var (code, pod) = await Admin.PatchAsync($"{Pods}/box", Json("{ metadata: { labels: { a: b }, annotations: { c: d } } }"));
        var (refused, _) = await Admin.PatchAsync($"{Pods}/box", Json("{ spec: { hostNetwork: true } }"));

        Assert.Equal((200, 422), (code, refused));
        Assert.Equal(("b", "d"), (pod.Text("metadata", "labels", "a"), pod.Text("metadata", "annotations", "c")));
    }

    [Fact]
    public async Task Watch_FromAVersion_TellsEveryChangeInOrder()
    {
        var (_, list) = await Admin.GetAsync(Pods);
        await using var stream = await Admin.StreamAsync($"{Pods}?watch=true&resourceVersion={list.Text("metadata", "resourceVersion")}&fieldSelector=metadata.name%3Dbox");
        using var reader = new StreamReader(stream);

        await CreateSleeperAsync("other");
        await CreateSleeperAsync("box");
        await Admin.DeleteAsync($"{Pods}/box?gracePeriodSeconds=0");
        var types = new List<string?>();
        while (types.LastOrDefault() != "DELETED" && await reader.ReadLineAsync() is { } line)
        {
            var change = JsonNode.Parse(line);
            Assert.Equal("box", change.Text("object", "metadata", "name"));
            types.Add(change.Text("type"));
        }

        Assert.Equal("ADDED", types[0]);
        Assert.Contains("MODIFIED", types);
        Assert.Equal("DELETED", types[^1]);
    }

    private async Task<string> LogAsync(string query)
    {
        var (code, body) = await Admin.GetAsync($"{Pods}/box/log{query}");
        Assert.True(code == 200, body?.ToText());
        return body!.GetValue<string>();
    }

    private async Task CreateGateAsync()
    {
        await WaitForPodAsync("box", pod => pod.Text("status", "phase") == "Running");
        await ShellAsync("mkfifo /tmp/gate.made && mv /tmp/gate.made /tmp/gate");
    }

    private async Task OpenGateAsync()
    {
        // The container's end may take this shell along: its exit code says nothing.
        using var socket = await Admin.OpenAsync(ExecClient.Path(Space, "box", "main", ["sh", "-c", "echo go > /tmp/gate"]), "v4.channel.k8s.io");
        await ExecClient.ReadAsync(socket);
    }

    private async Task ShellAsync(string script)
    {
        using var socket = await Admin.OpenAsync(ExecClient.Path(Space, "box", "main", ["sh", "-c", script]), "v4.channel.k8s.io");
        var outcome = await ExecClient.ReadAsync(socket);
        Assert.True(outcome.ExitCode == "0", outcome.Stderr);
    }
}
