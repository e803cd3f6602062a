using CaptureFlow.Sites.Kubernetes;
using k8s.Exceptions;

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

        var current = KubeConfigFile.Load(files, null);
        var blue = KubeConfigFile.Load(files, "blue");

        Assert.Equal(("https://red-a", "red-token-a"), (current.Host, current.AccessToken));
        Assert.Equal(("https://blue-b", "blue-token-b"), (blue.Host, blue.AccessToken));
    }

    [Fact]
    public void Load_CurrentContext_IsThatOfTheFirstFileThatNamesOne()
    {
        var files = Files(
            _folder.Write("a", Config("blue", ("red", "https://red", "r"))), _folder.Write("b", Config("red", ("blue", "https://blue", "b"))));

        Assert.Equal("https://blue", KubeConfigFile.Load(files, null).Host);
    }

    [Fact]
    public void Load_RelativePaths_AreThoseOfTheirOwnFile()
    {
        var certificates = _folder.Write("one/user.crt", "x");
        var files = Files(
            _folder.Write("two/a", Config("other", ("red", "https://red", "r"))),
            _folder.Write("one/b", """
                current-context: other
                contexts: [{name: other, context: {cluster: other, user: other}}]
                clusters: [{name: other, cluster: {server: "https://other"}}]
                users: [{name: other, user: {client-certificate: user.crt, client-key: user.key}}]
                """));

        var loaded = KubeConfigFile.Load(files, null);

        Assert.Equal(certificates, loaded.ClientCertificateFilePath);
    }

    [Fact]
    public void Load_NamesThatDifferInCase_AreDifferent()
    {
        var file = _folder.Write("a", Config("", ("Prod", "https://upper", "u"), ("prod", "https://lower", "l")));

        Assert.Equal("https://lower", KubeConfigFile.Load(file, "prod").Host);
    }

    [Fact]
    public void Load_UnknownContext_SaysWhatThereIs()
    {
        var file = _folder.Write("a", Config("", ("red", "https://red", "r"), ("blue", "https://blue", "b")));

        var refused = Assert.Throws<KubeConfigException>(() => KubeConfigFile.Load(file, "green"));

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

        var refused = Assert.Throws<KubeConfigException>(() => KubeConfigFile.Load(file, null));

        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFile_IsRefusedNamingIt()
    {
        var refused = Assert.Throws<KubeConfigException>(() => KubeConfigFile.Load(_folder.At("missing"), null));

        Assert.Contains(_folder.At("missing"), refused.Message, StringComparison.Ordinal);
    }

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
