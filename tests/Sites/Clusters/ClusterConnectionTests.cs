using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Tests.Clusters;

public sealed class ClusterConnectionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Own_CertificateThatNobodyVouchesFor_RefusedWithItsCode(bool insecure)
    {
        await using var server = await FakeApiServer.StartAsync();
        using var sites = new SiteUnderTest(
            ("Cluster:KubeConfig", _folder.Write("config", server.KubeConfig("t", authority: false, insecure))));

        var planned = await sites.Site.PlanAsync(SiteUnderTest.Order(null), CancellationToken.None);

        Assert.Equal(FaultCodes.CertificateUntrusted, Assert.Single(planned.Faults).Code);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task Own_AuthorityOfAnotherCluster_Refused()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var other = await FakeApiServer.StartAsync();
        using var connection = Remote(server.Url, other.AuthorityData, new Fixed("own-token"));

        var thrown = await Assert.ThrowsAnyAsync<HttpRequestException>(() => connection.Own.CoreV1.ListNamespacedPodAsync("shop"));

        Assert.Equal(ClusterRefusalException.CertificateRefused, ClusterErrors.Read(thrown)!.Reason);
    }

    [Fact]
    public async Task Exec_AuthorityOfAnotherCluster_RefusedToo()
    {
        await using var server = await FakeApiServer.StartAsync();
        await using var other = await FakeApiServer.StartAsync();
        using var connection = Remote(server.Url, other.AuthorityData, new Fixed("own-token"));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => connection.Own.WebSocketNamespacedPodExecAsync("web", "shop", "true", "app"));

        Assert.Equal(ClusterRefusalException.CertificateRefused, ClusterErrors.Read(thrown)!.Reason);
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CertificateOfTheRightAuthorityForAnotherName_Refused(bool exec)
    {
        // What any kubelet could pass itself off as.
        await using var server = await FakeApiServer.StartAsync();
        using var connection = Remote(server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), server.AuthorityData, new Fixed("own-token"));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(connection, exec));

        var failure = ClusterErrors.Read(thrown)!;
        Assert.Equal(ClusterRefusalException.CertificateRefused, failure.Reason);
        Assert.Contains("CN=fake-api-server", failure.Words, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task KubeConfigNamesTheCertificatesName_ThatOneCounts(bool exec)
    {
        await using var server = await FakeApiServer.StartAsync();
        var other = server.KubeConfig("own-token").Replace("server: ", "tls-server-name: another.example, server: ", StringComparison.Ordinal);
        using var connection = Configured("other", other);
        using var trusted = Configured("right", server.KubeConfig("own-token").Replace("server: \"https://127.0.0.1", "tls-server-name: 127.0.0.1, server: \"https://localhost", StringComparison.Ordinal));

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(connection, exec));
        Assert.Equal(ClusterRefusalException.CertificateRefused, ClusterErrors.Read(refused)!.Reason);
        Assert.Empty(server.Asked);
        // The exec gets as far as to an answer that is no upgrade.
        var answered = await Record.ExceptionAsync(() => AskAsync(trusted, exec));
        Assert.Equal(exec, answered is not null);
        Assert.NotEmpty(server.Asked);
    }

    [Fact]
    public async Task Exec_Refused_TheServersOwnWordsAreKept()
    {
        const string status = """{"kind":"Status","apiVersion":"v1","status":"Failure","message":"admission webhook \"guard\" denied the request: not today","reason":"Forbidden","code":403}""";
        await using var server = await FakeApiServer.StartAsync(context => FakeApiServer.JsonAsync(context, 403, status));
        using var connection = Remote(server.Url, server.AuthorityData, new Fixed("own-token"));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => connection.Own.WebSocketNamespacedPodExecAsync("web", "shop", "true", "app"));

        var failure = ClusterErrors.Read(thrown)!;
        Assert.Equal((403, "Forbidden", "admission webhook \"guard\" denied the request: not today", true), (failure.Status, failure.Reason, failure.Words, failure.Refused));
        Assert.All(server.Asked, asked => Assert.Equal("Bearer own-token", asked.Authorization));
    }

    [Fact]
    public async Task Exec_Throttled_RetryAfterIsKept()
    {
        await using var server = await FakeApiServer.StartAsync(context =>
        {
            context.Response.Headers.RetryAfter = "7";
            return FakeApiServer.JsonAsync(context, 429, "{}");
        });
        using var connection = Remote(server.Url, server.AuthorityData, new Fixed("own-token"));

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => connection.Own.WebSocketNamespacedPodExecAsync("web", "shop", "true", "app"));

        var failure = ClusterErrors.Read(thrown)!;
        Assert.Equal((429, false, TimeSpan.FromSeconds(7)), (failure.Status, failure.Refused, failure.RetryAfter));
    }

    [Fact]
    public async Task As_CapturesToken_SameServerAndAuthorityAndNothingOfItsOwn()
    {
        await using var server = await FakeApiServer.StartAsync();
        var own = new Fixed("own-token");
        using var connection = Remote(server.Url, server.AuthorityData, own);

        await connection.Own.CoreV1.ListNamespacedPodAsync("shop");
        using var granted = connection.As("capture-token");
        await granted.CoreV1.ListNamespacedPodAsync("shop");

        Assert.Equal(["Bearer own-token", "Bearer capture-token"], server.Asked.Select(asked => asked.Authorization));
        Assert.Equal(1, own.Asked);
    }

    [Fact]
    public void Own_AskedByMany_IsOneClient()
    {
        using var connection = Remote("https://127.0.0.1:1", null, new Fixed("own-token"));

        var clients = Enumerable.Range(0, 16).AsParallel().Select(_ => connection.Own).ToList();

        Assert.Single(clients.Distinct());
    }

    [Fact]
    public async Task Step_NoTokenToBeHad_IsAFaultWithItsCode()
    {
        using var folder = new TempFolder();
        await using var server = await FakeApiServer.StartAsync();
        using var sites = new SiteUnderTest(
            ("Clusters:google:Kind", "gke"),
            ("Clusters:google:Server", server.Url),
            ("Clusters:google:CertificateAuthorityData", server.AuthorityData),
            ("Clusters:google:Credential", "serviceAccount"),
            ("Clusters:google:CredentialFile", folder.Write("key.json", "{}")));

        var planned = await sites.Site.PlanAsync(SiteUnderTest.Order("google"), CancellationToken.None);

        var fault = Assert.Single(planned.Faults);
        Assert.Equal(FaultCodes.CredentialsFailed, fault.Code);
        Assert.StartsWith("cluster 'google', Google serviceAccount: ", fault.Detail, StringComparison.Ordinal);
        Assert.Empty(server.Asked);
    }

    private static Task AskAsync(ClusterConnection connection, bool exec) => exec
        ? connection.Own.WebSocketNamespacedPodExecAsync("web", "shop", "true", "app")
        : connection.Own.CoreV1.ListNamespacedPodAsync("shop");

    private ClusterConnection Configured(string name, string kubeConfig) => new(
        new ClusterScope { Cluster = new ClusterConfigurations(TimeProvider.System, NullLogger<ClusterConfigurations>.Instance).Of(name, new ClusterOptions { KubeConfig = _folder.Write(name, kubeConfig) }) },
        new ClusterClock(TimeProvider.System),
        Options.Create(new ClusterOptions()));

    private static ClusterConnection Remote(string server, string? authority, ITokenProvider tokens) => new(
        new ClusterScope { Cluster = ClusterConfigurations.Remote("test", new ClusterEntry { Server = server, CertificateAuthorityData = authority }, tokens) },
        new ClusterClock(TimeProvider.System),
        Options.Create(new ClusterOptions()));

    private sealed class Fixed(string token) : ITokenProvider
    {
        public int Asked { get; private set; }

        public Task<System.Net.Http.Headers.AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", token));
        }
    }
}
