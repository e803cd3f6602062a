using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

public sealed class ExecTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    private const string V4 = "v4.channel.k8s.io";
    private const string V5 = "v5.channel.k8s.io";

    [Theory]
    [InlineData(V4)]
    [InlineData(V5)]
    public async Task Exec_CommandWithExitCode_EndsWithStreamsAndStatus(string protocol)
    {
        await CreateSleeperAsync("box");

        var outcome = await RunAsync(protocol, ["sh", "-c", "printf out; printf err >&2; exit 7"]);

        Assert.Equal("out", outcome.Text);
        Assert.Equal("err", outcome.Stderr);
        Assert.Equal("7", outcome.ExitCode);
        Assert.Equal("NonZeroExitCode", outcome.Status.Text("reason"));
    }

    [Fact]
    public async Task Exec_CommandThatSucceeds_HasStatusSuccess()
    {
        await CreateSleeperAsync("box");

        var outcome = await RunAsync(V4, ["hostname"]);

        Assert.Equal("box\n", outcome.Text);
        Assert.Equal("Success", outcome.Status.Text("status"));
    }

    [Fact]
    public async Task Exec_UnknownProgram_IsInternalErrorInTheStatus()
    {
        await CreateSleeperAsync("box");

        var outcome = await RunAsync(V4, ["no-such-program"]);

        Assert.Equal("InternalError", outcome.Status.Text("reason"));
        Assert.Contains("executable file not found in $PATH", outcome.Status.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_V5CloseFrame_EndsStdinAndKeepsOutput()
    {
        await CreateSleeperAsync("box");
        using var socket = await Admin.OpenAsync(ExecClient.Path(Space, "box", "main", ["sha256sum"], stdin: true), V5);
        byte[] content = RandomNumberGenerator.GetBytes(300_000);

        foreach (var chunk in content.Chunk(10_000))
        {
            await socket.SendAsync((byte[])[0, .. chunk], WebSocketMessageType.Binary, true, CancellationToken.None);
        }

        await socket.SendAsync(new byte[] { 255, 0 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        var outcome = await ExecClient.ReadAsync(socket);

        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(content)), outcome.Text, StringComparison.Ordinal);
        Assert.Equal("0", outcome.ExitCode);
    }

    [Fact]
    public async Task Exec_FiftyMegabytesToASlowReader_ArriveExactlyInBoundedMemory()
    {
        const int size = 50_000_000;
        await CreateSleeperAsync("box");
        var script = $"head -c {size} /dev/urandom > /tmp/big; sha256sum /tmp/big >&2; exec cat /tmp/big";
        using var socket = await Admin.OpenAsync(ExecClient.Path(Space, "box", "main", ["sh", "-c", script]), V4);

        // While the reader holds still, the writer must come to a stop: what it has written is bounded by pipes and sockets.
        var held = await WrittenWhileNobodyReadsAsync(size);
        var outcome = await ExecClient.ReadAsync(socket, count => count > 0 && count % 17 == 0 ? Task.Delay(1) : Task.CompletedTask);

        Assert.InRange(held, 0, 24_000_000);
        Assert.Equal(size, outcome.Stdout.Length);
        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(outcome.Stdout)), outcome.Stderr, StringComparison.Ordinal);
        Assert.Equal("0", outcome.ExitCode);
    }

    [Fact]
    public async Task Exec_UserWithGetButNotCreate_IsForbidden()
    {
        await CreateSleeperAsync("box");
        await GrantNobodyAsync("{ apiGroups: [''], resources: [pods/exec], verbs: [get] }");

        var fault = await Assert.ThrowsAsync<WebSocketException>(
            () => Nobody.OpenAsync(ExecClient.Path(Space, "box", "main", ["true"]), V4));

        Assert.Contains("403", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_UserWithGetAndCreate_Runs()
    {
        await CreateSleeperAsync("box");
        await GrantNobodyAsync("{ apiGroups: [''], resources: [pods/exec], verbs: [get, create] }");

        using var socket = await Nobody.OpenAsync(ExecClient.Path(Space, "box", "main", ["echo", "hello"]), V4);
        var outcome = await ExecClient.ReadAsync(socket);

        Assert.Equal("hello\n", outcome.Text);
    }

    [Fact]
    public async Task Exec_UnknownContainer_IsBadRequest()
    {
        await CreateSleeperAsync("box");

        var (code, body) = await Admin.GetAsync(ExecClient.Path(Space, "box", "absent", ["true"]));

        Assert.Equal((int)HttpStatusCode.BadRequest, code);
        Assert.Equal("container absent is not valid for pod box", body.Text("message"));
    }

    private async Task<ExecOutcome> RunAsync(string protocol, string[] command)
    {
        using var socket = await Admin.OpenAsync(ExecClient.Path(Space, "box", "main", command), protocol);
        Assert.Equal(protocol, socket.SubProtocol);
        return await ExecClient.ReadAsync(socket);
    }

    private async Task GrantNobodyAsync(string rule)
    {
        var api = $"/apis/rbac.authorization.k8s.io/v1/namespaces/{Space}";
        await Admin.PostAsync($"{api}/roles", Json($"{{ metadata: {{ name: r }}, rules: [ {rule} ] }}"));
        await Admin.PostAsync($"{api}/rolebindings", Json(
            "{ metadata: { name: b }, roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: r }, subjects: [ { kind: User, name: nobody } ] }"));
    }

    /// <summary>How far cat has read the file once it no longer moves.</summary>
    private async Task<long> WrittenWhileNobodyReadsAsync(long size)
    {
        const string position = "for p in /proc/[0-9]*; do [ \"$(readlink $p/exe)\" = \"$(readlink -f \"$(command -v cat)\")\" ] && "
            + "for f in $p/fd/*; do [ \"$(readlink $f)\" = /tmp/big ] && sed -n 's/^pos:[^0-9]*//p' $p/fdinfo/${f##*/}; done; done; true";
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        long last = -1;
        while (!limit.IsCancellationRequested)
        {
            var text = (await RunAsync(V4, ["sh", "-c", position])).Text.Trim();
            var now = long.TryParse(text, out var read) ? read : -1;
            if (now > 0 && now == last)
            {
                return now;
            }

            last = now;
        }

        return size;
    }
}
