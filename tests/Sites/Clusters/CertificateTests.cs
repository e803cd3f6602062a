using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Tests.Clusters;

/// <summary>Which servers are spoken to, by their certificates: the same ones for a request as for an exec, and no credential is sent before.</summary>
public sealed class CertificateTests : IDisposable
{
    /// <summary>All that are not found by their kubeconfig are found as these are: by an address and an authority.</summary>
    private static readonly string[] Kinds = [ClusterKinds.KubeConfig, ClusterKinds.Aks, ClusterKinds.Gke];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Right_IsSpokenTo(bool exec)
    {
        using var authority = new Authority("the cluster's authority");
        await using var server = await FakeApiServer.StartAsync(certificate: authority.Issue(Leaf()));
        foreach (var kind in Kinds)
        {
            using var connection = Connect(kind, server, authority);

            await Record.ExceptionAsync(() => AskAsync(connection.Own, exec));

            Assert.Equal("Bearer own-token", server.Asked[^1].Authorization);
            using var capture = connection.As("capture-token");

            await Record.ExceptionAsync(() => AskAsync(capture, exec));

            Assert.Equal("Bearer capture-token", server.Asked[^1].Authorization);
        }
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Wrong_IsRefusedBeforeAnythingIsSent(string what, bool exec)
    {
        using var authority = new Authority("the cluster's authority");
        await using var server = await FakeApiServer.StartAsync(certificate: Certificates[what](authority));
        foreach (var kind in Kinds)
        {
            using var connection = Connect(kind, server, authority);
            using var capture = connection.As("capture-token");

            foreach (var client in (IKubernetes[])[connection.Own, capture])
            {
                var thrown = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(client, exec));

                Assert.Equal((kind, ClusterRefusalException.CertificateRefused), (kind, ClusterErrors.Read(thrown)!.Reason));
            }
        }

        Assert.Empty(server.Asked);
    }

    /// <summary>An entry for GKE may leave the authority out: then the machine's own are asked, and this one is none of them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AuthorityLeftOut_NotOneOfTheMachine_IsRefusedBeforeAnythingIsSent(bool exec)
    {
        using var authority = new Authority("the cluster's authority");
        await using var server = await FakeApiServer.StartAsync(certificate: authority.Issue(Leaf()));
        using var connection = Connect(ClusterKinds.Gke, server, null);

        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(connection.Own, exec));

        Assert.Equal(ClusterRefusalException.CertificateRefused, ClusterErrors.Read(thrown)!.Reason);
        Assert.Empty(server.Asked);
    }

    public static TheoryData<string, bool> Wrong()
    {
        TheoryData<string, bool> all = [];
        foreach (var what in Certificates.Keys)
        {
            all.Add(what, false);
            all.Add(what, true);
        }

        return all;
    }

    private static readonly Dictionary<string, Func<Authority, X509Certificate2>> Certificates = new()
    {
        ["for another address"] = authority => authority.Issue(Leaf(names => names.AddIpAddress(IPAddress.Parse("127.0.0.2")))),
        ["for a name, where an address was asked"] = authority => authority.Issue(Leaf(names => names.AddDnsName("kubernetes.default.svc"))),
        ["for the address written as a name"] = authority => authority.Issue(Leaf(names => names.AddDnsName("127.0.0.1"))),
        ["for every name there is"] = authority => authority.Issue(Leaf(names => names.AddDnsName("*"))),
        ["with the address in its subject alone"] = authority => authority.Issue(Leaf(names: null, subject: "CN=127.0.0.1")),
        ["for clients alone"] = authority => authority.Issue(Leaf(purpose: "1.3.6.1.5.5.7.3.2")),
        ["for signing mail alone"] = authority => authority.Issue(Leaf(purpose: "1.3.6.1.5.5.7.3.4")),
        ["expired"] = authority => authority.Issue(Leaf(), from: -20, until: -10),
        ["not valid yet"] = authority => authority.Issue(Leaf(), from: 10, until: 20),
        ["of another authority"] = _ => new Authority("another").Issue(Leaf()),
        ["of another authority of the same name"] = _ => new Authority("the cluster's authority").Issue(Leaf()),
        ["that vouches for itself"] = _ => Finish(Leaf().Request.CreateSelfSigned(Now(-1), Now(1))),
        ["signed by one that is no authority"] = authority => new Authority("a kubelet", authority).Issue(Leaf()),
    };

    private ClusterConnection Connect(string kind, FakeApiServer server, Authority? authority) => new(
        new ClusterScope { Cluster = kind == ClusterKinds.KubeConfig ? OfFile(server, authority!) : OfEntry(kind, server, authority) },
        new ClusterClock(TimeProvider.System),
        Options.Create(new ClusterOptions()));

    private RegisteredCluster OfFile(FakeApiServer server, Authority authority) =>
        new ClusterConfigurations(TimeProvider.System, NullLogger<ClusterConfigurations>.Instance).Of("it", new ClusterOptions
        {
            KubeConfig = _folder.Write("config", server.KubeConfig("own-token").Replace(server.AuthorityData, authority.Data, StringComparison.Ordinal)),
        });

    // As the registry makes it of such an entry, but for where the tokens come from.
    private static RegisteredCluster OfEntry(string kind, FakeApiServer server, Authority? authority) => ClusterConfigurations.Remote(
        "it", new() { Kind = kind, Server = server.Url, CertificateAuthorityData = authority?.Data }, new OwnToken());

    private static Task AskAsync(IKubernetes client, bool exec) => exec
        ? client.WebSocketNamespacedPodExecAsync("web", "shop", "true", "app")
        : client.CoreV1.ListNamespacedPodAsync("shop");

    private static Keyed Leaf() => Leaf(names => names.AddIpAddress(IPAddress.Loopback));

    private static Keyed Leaf(string purpose) => Leaf(names => names.AddIpAddress(IPAddress.Loopback), purpose: purpose);

    private static Keyed Leaf(Action<SubjectAlternativeNameBuilder>? names, string subject = "CN=kube-apiserver", string purpose = "1.3.6.1.5.5.7.3.1")
    {
        var key = RSA.Create(2048);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], critical: false));
        if (names is not null)
        {
            SubjectAlternativeNameBuilder builder = new();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }

        return new(request, key);
    }

    private static DateTimeOffset Now(int days) => TimeProvider.System.GetUtcNow().AddDays(days);

    // With the key in a form that TLS takes on every system.
    private static X509Certificate2 Finish(X509Certificate2 certificate) => X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);

    private sealed class OwnToken : ITokenProvider
    {
        public Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) => Task.FromResult(new AuthenticationHeaderValue("Bearer", "own-token"));
    }

    private sealed record Keyed(CertificateRequest Request, RSA Key);

    private sealed class Authority : IDisposable
    {
        private readonly X509Certificate2 _certificate;

        /// <param name="name">Its common name.</param>
        /// <param name="issuer">Null for one that vouches for itself; with one, this is no authority, whatever it signs.</param>
        public Authority(string name, Authority? issuer = null)
        {
            var key = RSA.Create(2048);
            CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: issuer is null, false, 0, critical: true));
            _certificate = issuer is null
                ? request.CreateSelfSigned(Now(-30), Now(30))
                : issuer.Issue(new(request, key), -5, 5);
        }

        public string Data => Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()));

        public X509Certificate2 Issue(Keyed asked, int from = -1, int until = 1)
        {
            var generator = X509SignatureGenerator.CreateForRSA(_certificate.GetRSAPrivateKey()!, RSASignaturePadding.Pkcs1);
            using var issued = asked.Request.Create(_certificate.SubjectName, generator, Now(from), Now(until), RandomNumberGenerator.GetBytes(8));
            return Finish(issued.CopyWithPrivateKey(asked.Key));
        }

        public void Dispose() => _certificate.Dispose();
    }
}
