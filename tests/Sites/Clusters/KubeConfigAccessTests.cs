using CaptureFlow.Sites.Kubernetes;
using k8s;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Tests.Clusters;

/// <summary>What a kubeconfig makes CaptureFlow send, seen by the server; for requests and for the sockets of exec.</summary>
public sealed class KubeConfigAccessTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Impersonation_IsSentWithEveryRequest_AndNotByACapturesAccount(bool exec)
    {
        await using var server = await FakeApiServer.StartAsync();
        using var connection = Connect(server.KubeConfig("own-token").Replace(
            "{token: own-token}", "{token: own-token, as: operator, as-uid: u-1, as-groups: [operators, system:authenticated], as-user-extra: {Reason/Why: [incident 4711]}}", StringComparison.Ordinal));

        await Record.ExceptionAsync(() => AskAsync(connection.Own, exec));
        using var granted = connection.As("capture-token");
        await Record.ExceptionAsync(() => AskAsync(granted, exec));

        var (own, captures) = (server.Headers[0], server.Headers[^1]);
        Assert.Equal(
            ("Bearer own-token", "operator", "u-1", "operators", "incident 4711"),
            (own["Authorization"], own["Impersonate-User"], own["Impersonate-Uid"], own["Impersonate-Group"], own["Impersonate-Extra-Reason%2FWhy"]));
        Assert.Equal("Bearer capture-token", captures["Authorization"]);
        Assert.DoesNotContain(captures.Keys, name => name.StartsWith("Impersonate", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("http", false)]
    [InlineData("http", true)]
    [InlineData("socks5", false)]
    [InlineData("socks5", true)]
    public async Task Proxy_EveryConnectionGoesThroughIt(string scheme, bool exec)
    {
        await using var server = await FakeApiServer.StartAsync();
        using var proxy = new ForwardingProxy(new Uri(server.Url).Port);
        // An address that nobody answers at: whoever goes past the proxy fails.
        using var connection = Connect(server.KubeConfig("own-token")
            .Replace(server.Url, "https://203.0.113.10:6443", StringComparison.Ordinal)
            .Replace("server: ", $"tls-server-name: 127.0.0.1, proxy-url: \"{scheme}://127.0.0.1:{proxy.Port}\", server: ", StringComparison.Ordinal));

        await Record.ExceptionAsync(() => AskAsync(connection.Own, exec));
        using var granted = connection.As("capture-token");
        await Record.ExceptionAsync(() => AskAsync(granted, exec));

        Assert.Contains(server.Asked, asked => asked.Authorization == "Bearer own-token");
        Assert.Contains(server.Asked, asked => asked.Authorization == "Bearer capture-token");
        Assert.All(proxy.Asked, target => Assert.Equal("203.0.113.10:6443", target));
        Assert.True(proxy.Asked.Count >= 2);
    }

    [Theory]
    [InlineData("https://127.0.0.1:6443", true)]
    [InlineData("https://localhost:6443", true)]
    [InlineData("https://10.1.2.3:6443", true)]
    [InlineData("https://11.1.2.3:6443", false)]
    [InlineData("https://10.example.com", false)]
    public void EnvironmentsProxy_SparesLoopbackAndTheNetworksOfNoProxy(string server, bool spared)
    {
        var proxy = new ProxyChoice.Sparing(new System.Net.WebProxy("http://proxy.example:3128"), "internal.example, 10.0.0.0/8");

        Assert.Equal(spared, proxy.IsBypassed(new(server)));
        Assert.Equal(spared ? null : new Uri("http://proxy.example:3128"), proxy.GetProxy(new(server)));
    }

    [Fact]
    public async Task TokenFile_Changed_TheNewTokenIsSent()
    {
        await using var server = await FakeApiServer.StartAsync();
        _folder.Write("token", "first\n");
        using var connection = Connect(server.KubeConfig("x").Replace("{token: x}", "{token: passed-over, tokenFile: token}", StringComparison.Ordinal));

        await AskAsync(connection.Own, exec: false);
        _folder.Write("token", "second\n");
        await AskAsync(connection.Own, exec: false);

        Assert.Equal(["Bearer first", "Bearer second"], server.Asked.Select(asked => asked.Authorization));
    }

    [Fact]
    public async Task UserWithoutCredentials_NoneIsSent()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var connection = Connect(server.KubeConfig("x").Replace("{token: x}", "{}", StringComparison.Ordinal));

        await AskAsync(connection.Own, exec: false);

        Assert.Equal("", Assert.Single(server.Asked).Authorization);
    }

    [Fact]
    public async Task Plugin_GetsItsArgumentsWholeAndTheClustersInformation()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var connection = Connect(WithPlugin(
            server,
            """printf '%s\n' "$#" "$@" >arguments; printf %s "$KUBERNETES_EXEC_INFO" >info; echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"plugin-token"}}'""",
            "args: [login, '--cache=/tmp/Cache Folder/c.yaml', '--label=say \"hi\" $HOME', ''], provideClusterInfo: true, interactiveMode: IfAvailable"));

        await AskAsync(connection.Own, exec: false);

        Assert.Equal("Bearer plugin-token", Assert.Single(server.Asked).Authorization);
        Assert.Equal("4\nlogin\n--cache=/tmp/Cache Folder/c.yaml\n--label=say \"hi\" $HOME\n\n", await File.ReadAllTextAsync(_folder.At("arguments")));
        var info = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(_folder.At("info")))!;
        Assert.Equal(("ExecCredential", "client.authentication.k8s.io/v1", false), ((string)info["kind"]!, (string)info["apiVersion"]!, (bool)info["spec"]!["interactive"]!));
        Assert.Equal((server.Url, server.AuthorityData), ((string)info["spec"]!["cluster"]!["server"]!, (string)info["spec"]!["cluster"]!["certificate-authority-data"]!));
    }

    [Fact]
    public async Task Plugin_TokenNearItsEnd_IsRunAgain()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var connection = Connect(WithPlugin(
            server,
            """echo x >>runs; echo "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"token-$(wc -l <runs)\",\"expirationTimestamp\":\"$(date -u -d '+10 seconds' +%FT%TZ)\"}}" """,
            "interactiveMode: Never"));

        await Record.ExceptionAsync(() => AskAsync(connection.Own, exec: false));

        Assert.True((await File.ReadAllLinesAsync(_folder.At("runs"))).Length >= 2);
    }

    [Theory]
    [InlineData("echo 'please log in' >&2; exit 3", "exit code 3: please log in")]
    [InlineData("echo secret-token", "no ExecCredential in JSON")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"secret-token"}}'""", "another kind or version")]
    [InlineData("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{}}'""", "neither a token nor")]
    public async Task Plugin_ThatGivesNone_IsAFaultInItsOwnWordsAndNoneOfItsSecrets(string script, string words)
    {
        await using var server = await FakeApiServer.StartAsync();
        using var connection = Connect(WithPlugin(server, script, "interactiveMode: Never"));

        var refused = Assert.Throws<ClusterRefusalException>(() => connection.Own);

        Assert.Equal(ClusterRefusalException.NoKubeConfig, refused.Reason);
        Assert.Contains(words, refused.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", $"{refused}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{token: a-token}")]
    [InlineData("{username: somebody, password: 'a: b'}")]
    [InlineData("{tokenFile: token}")]
    [InlineData("{token: a-token, tokenFile: token}")]
    [InlineData("{token: a-token, as: operator, as-uid: u, as-groups: [operators], as-user-extra: {reason: [incident 4711]}}")]
    [InlineData("{token: a-token, exec: {apiVersion: client.authentication.k8s.io/v1, command: /bin/false, interactiveMode: Never}}")]
    [InlineData("{exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, interactiveMode: Never}}")]
    public async Task User_BesideKubectl_SendsTheSame(string user)
    {
        var kubectl = Needs.Kubectl();
        await using var server = await FakeApiServer.StartAsync();
        _folder.Write("token", "token-of-the-file\n");
        Plugin("""echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"plugin-token"}}'""");
        var file = _folder.Write("config", server.KubeConfig("x").Replace("{token: x}", user, StringComparison.Ordinal));

        using var theirs = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            kubectl, ["get", "--raw", "/api/v1/namespaces/shop/pods", "--kubeconfig", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await theirs.WaitForExitAsync();
        Assert.True(theirs.ExitCode == 0, await theirs.StandardError.ReadToEndAsync());
        var asked = server.Headers.Count;
        using var connection = Connect(file: file);
        await AskAsync(connection.Own, exec: false);

        Assert.NotEqual(0, asked);
        Assert.All(server.Headers.Take(asked), headers => Assert.Equal(Identity(headers), Identity(server.Headers[^1])));
        Assert.NotEmpty(Identity(server.Headers[^1]));
    }

    private static IEnumerable<string> Identity(IReadOnlyDictionary<string, string> headers) => headers
        .Where(header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || header.Key.StartsWith("Impersonate", StringComparison.OrdinalIgnoreCase))
        .Select(header => $"{header.Key.ToUpperInvariant()}: {header.Value}")
        .Order(StringComparer.Ordinal);

    private string WithPlugin(FakeApiServer server, string script, string more)
    {
        Plugin(script);
        return server.KubeConfig("x").Replace(
            "{token: x}", $"{{exec: {{apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, {more}}}}}", StringComparison.Ordinal);
    }

    private void Plugin(string script)
    {
        var file = _folder.Write("plugin.sh", $"#!/bin/sh\ncd \"$(dirname \"$0\")\" || exit\n{script}\n");
        using var executable = System.Diagnostics.Process.Start("chmod", ["700", file]);
        executable.WaitForExit();
    }

    private ClusterConnection Connect(string? kubeConfig = null, string? file = null) => new(
        new ClusterScope
        {
            Cluster = new ClusterConfigurations(TimeProvider.System, NullLogger<ClusterConfigurations>.Instance)
                .Of("it", new ClusterOptions { KubeConfig = file ?? _folder.Write("config", kubeConfig!) }),
        },
        new ClusterClock(TimeProvider.System),
        Options.Create(new ClusterOptions()));

    private static Task AskAsync(IKubernetes client, bool exec) => exec
        ? client.WebSocketNamespacedPodExecAsync("web", "shop", "true", "app")
        : client.CoreV1.ListNamespacedPodAsync("shop");
}
