namespace CaptureFlow.Sites.Tests.Clusters;

public sealed class ClusterRegistryRulesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Validate_EveryBreach_IsNamedAtOnceWithKeyRuleAndRemedy()
    {
        using var site = new SiteUnderTest(
            ("Clusters:Upper_Case:Kind", "kubeconfig"),
            ("Clusters:Upper_Case:KubeConfig", _folder.At("missing")),
            ("Clusters:eks:Kind", "eks"),
            ("Clusters:pod:Kind", "inCluster"),
            ("Clusters:pod:Context", "x"),
            ("Clusters:azure:Kind", "aks"),
            ("Clusters:azure:Server", "http://plain"),
            ("Clusters:azure:Credential", "password"),
            ("Clusters:azure:Sever", "typo"),
            ("Clusters:google:Kind", "gke"),
            ("Clusters:google:Server", "10.0.0.1"),
            ("Clusters:google:CertificateAuthorityData", "bm8gY2VydGlmaWNhdGU="),
            ("Clusters:google:Credential", "serviceAccount"),
            ("Clusters:default:Kind", "inCluster"),
            ("Cluster:Context", "staging"));

        var problems = site.Problems();

        string[] starts =
        [
            "CaptureFlow:Clusters:Upper_Case: the name is no DNS label; use ",
            "CaptureFlow:Clusters:Upper_Case:KubeConfig: the kubeconfig must be readable and have the context; there is no file ",
            "CaptureFlow:Clusters:azure:CertificateAuthorityData: there is no certificate in it; copy ",
            "CaptureFlow:Clusters:azure:Credential: 'password' is no credential of kind aks; write one of ",
            "CaptureFlow:Clusters:azure:Server: 'http://plain' is no https address; write ",
            "CaptureFlow:Clusters:azure:Sever: a cluster of kind aks has no such key; it takes ",
            "CaptureFlow:Clusters:default:Kind: inCluster needs ",
            "CaptureFlow:Clusters:default: CaptureFlow:Cluster (or --kubeconfig, --context) names the default cluster too; keep one ",
            "CaptureFlow:Clusters:eks:Kind: 'eks' is no kind of cluster; write one of ",
            "CaptureFlow:Clusters:google:CertificateAuthorityData: there is no certificate in it; copy ",
            "CaptureFlow:Clusters:google:CredentialFile: serviceAccount needs the account's key file; name it",
            "CaptureFlow:Clusters:google:Server: '10.0.0.1' is no https address; write ",
            "CaptureFlow:Clusters:pod:Context: a cluster of kind inCluster has no such key; remove it",
            "CaptureFlow:Clusters:pod:Kind: inCluster needs ",
        ];
        Assert.All(starts, start => Assert.Contains(problems, problem => problem.StartsWith(start, StringComparison.Ordinal)));
        Assert.Equal(starts.Length, problems.Count);
    }

    [Fact]
    public async Task Validate_OneOfEachRemoteKind_IsAccepted()
    {
        await using var server = await FakeApiServer.StartAsync();
        using var site = new SiteUnderTest(
            ("Clusters:files:Kind", "kubeconfig"),
            ("Clusters:files:KubeConfig", _folder.Write("config", server.KubeConfig("t"))),
            ("Clusters:files:Context", "it"),
            ("Clusters:azure:Kind", "aks"),
            ("Clusters:azure:Server", server.Url),
            ("Clusters:azure:CertificateAuthorityData", server.AuthorityData),
            ("Clusters:google:Kind", "gke"),
            ("Clusters:google:Server", server.Url));

        Assert.Empty(site.Problems());
        // Whether there is a default cluster too depends on the machine.
        Assert.Equal(["azure", "files", "google"], site.Registry.Names.Where(name => name != "default"));
    }

    [Fact]
    public void Validate_NothingConfigured_ThereIsTheDefaultCluster()
    {
        using var site = new SiteUnderTest();

        Assert.Empty(site.Problems());
        Assert.Equal(["default"], site.Registry.Names);
    }
}
