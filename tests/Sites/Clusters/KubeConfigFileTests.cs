using CaptureFlow.Sites.Kubernetes;
using k8s.Exceptions;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Sites.Tests.Clusters;

public sealed class KubeConfigFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_SeveralFiles_FirstToNameAThingHasItWhole()
    {
        var files = Files(
            _folder.Write("a", Config("", ("red", "https://red-a", "red-token-a"))),
            _folder.At("missing"),
            _folder.Write("b", Config("red", ("red", "https://red-b", "red-token-b"), ("blue", "https://blue-b", "blue-token-b"))));

        var current = Load(files, null);
        var blue = Load(files, "blue");

        Assert.Equal(("https://red-a", "red-token-a"), (current.Host, current.AccessToken));
        Assert.Equal(("https://blue-b", "blue-token-b"), (blue.Host, blue.AccessToken));
    }

    [Fact]
    public void Load_CurrentContext_IsThatOfTheFirstFileThatNamesOne()
    {
        var files = Files(
            _folder.Write("a", Config("blue", ("red", "https://red", "r"))), _folder.Write("b", Config("red", ("blue", "https://blue", "b"))));

        Assert.Equal("https://blue", Load(files, null).Host);
    }

    [Fact]
    public void Load_RelativePaths_AreThoseOfTheirOwnFile()
    {
        var certificate = _folder.At("one/user.crt");
        var files = Files(
            _folder.Write("two/a", Config("other", ("red", "https://red", "r"))),
            _folder.Write("one/b", """
                current-context: other
                contexts: [{name: other, context: {cluster: other, user: other}}]
                clusters: [{name: other, cluster: {server: "https://other"}}]
                users: [{name: other, user: {client-certificate: user.crt, client-key: user.key}}]
                """));

        Assert.Equal(certificate, KubeConfigFile.Choose(files, null).User.ClientCertificate);
    }

    [Fact]
    public void Load_NamesThatDifferInCase_AreDifferent()
    {
        var file = _folder.Write("a", Config("", ("Prod", "https://upper", "u"), ("prod", "https://lower", "l")));

        Assert.Equal("https://lower", Load(file, "prod").Host);
    }

    [Fact]
    public void Load_UnknownContext_SaysWhatThereIs()
    {
        var file = _folder.Write("a", Config("", ("red", "https://red", "r"), ("blue", "https://blue", "b")));

        var refused = Assert.Throws<KubeConfigException>(() => Load(file, "green"));

        Assert.Equal($"{file}: there is no context 'green'; it has red, blue", refused.Message);
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("")]
    [InlineData("current-context: x")]
    [InlineData("contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\nclusters: [{name: c, cluster: {server: 'https://x', certificate-authority-data: '%'}}]\nusers: []")]
    public void Load_UnusableFile_IsRefusedNamingIt(string text)
    {
        var file = _folder.Write("a", text);

        var refused = Assert.Throws<KubeConfigException>(() => Load(file, null));

        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFile_IsRefusedNamingIt()
    {
        var refused = Assert.Throws<KubeConfigException>(() => Load(_folder.At("missing"), null));

        Assert.Contains(_folder.At("missing"), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"apiVersion\": \"v1\", \"current-context\": \"x\",\r\n\"contexts\": [{\"name\": \"x\", \"context\": {\"cluster\": \"x\", \"user\": \"x\"}}], \"clusters\": [{\"name\": \"x\", \"cluster\": {\"server\": \"https://x\"}}],\r\n\t\"users\": [{\"name\": \"x\", \"user\": {\"token\": \"t\"}}]}")]
    [InlineData("\ufeffcurrent-context: x\r\ncontexts: [{name: x, context: {cluster: x, user: x}}]\r\nclusters: [{name: x, cluster: {server: 'https://x'}}]\r\nusers: [{name: x, user: {token: t}}]\r\n")]
    public void Load_JsonOrWindowsText_IsRead(string text)
    {
        var loaded = Load(_folder.Write("a", text), null);

        Assert.Equal(("https://x", "t"), (loaded.Host, loaded.AccessToken));
    }

    [Theory]
    [InlineData("user: {as-groups: [a]}", "", "as-groups")]
    [InlineData("user: {as: a, as-groups: [b, c]}", "", "as-groups")]
    [InlineData("user: {as: a, as-user-extra: {k: [v, w]}}", "", "as-user-extra.k")]
    [InlineData("user: {auth-provider: {name: gcp}}", "", "gke-gcloud-auth-plugin")]
    [InlineData("user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}", "", "apiVersion")]
    [InlineData("user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}}", "", "interactiveMode")]
    [InlineData("user: {token: t}", "proxy-url: 'ftp://user:secret@x'", "proxy-url")]
    [InlineData("user: {token: t}", "certificate-authority-data: aGVsbG8=", "certificate-authority")]
    public void Load_WhatCannotBeHeeded_IsRefusedByName(string user, string cluster, string named)
    {
        var more = cluster.Length > 0 ? $", {cluster}" : "";
        var file = _folder.Write("a", $$$"""
            current-context: x
            contexts: [{name: x, context: {cluster: x, user: x}}]
            clusters: [{name: x, cluster: {server: 'https://x'{{{more}}} }}]
            users: [{name: x, {{{user}}} }]
            """);

        var refused = Assert.Throws<KubeConfigException>(() => Load(file, null));

        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }

    private static k8s.KubernetesClientConfiguration Load(string files, string? context) =>
        KubeConfigAccess.Of(KubeConfigFile.Choose(files, context), TimeProvider.System, NullLogger.Instance).Configuration;

    private static string Files(params string[] paths) => string.Join(Path.PathSeparator, paths);

    private static string Config(string current, params (string Name, string Server, string Token)[] clusters) => $$"""
        apiVersion: v1
        kind: Config
        current-context: "{{current}}"
        contexts:
        {{string.Join('\n', clusters.Select(c => $"- {{name: {c.Name}, context: {{cluster: {c.Name}, user: {c.Name}}}}}"))}}
        clusters:
        {{string.Join('\n', clusters.Select(c => $"- {{name: {c.Name}, cluster: {{server: \"{c.Server}\"}}}}"))}}
        users:
        {{string.Join('\n', clusters.Select(c => $"- {{name: {c.Name}, user: {{token: {c.Token}}}}}"))}}
        """;
}
