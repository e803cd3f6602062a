using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CaptureFlow.Sandbox.Rbac;

/// <summary>The cluster's own certificate authority, in memory only: it signs the server's certificate and the users'.</summary>
internal sealed class ClusterAuthority : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private readonly X509Certificate2 _root;
    private readonly DateTimeOffset _from;

    internal ClusterAuthority(TimeProvider time)
    {
        _from = time.GetUtcNow().AddMinutes(-5);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=captureflow-sandbox-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(_from, _from + Lifetime);
    }

    internal string RootPem => _root.ExportCertificatePem();

    internal X509Certificate2 IssueServer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes.default.svc");
        var request = new CertificateRequest("CN=captureflow-sandbox", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return Sign(request, key, "1.3.6.1.5.5.7.3.1");
    }

    /// <summary>A client certificate: the name is the user, the organization the group.</summary>
    internal (string CertificatePem, string KeyPem) IssueClient(string user, string group)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(group);
        subject.AddCommonName(user);
        using var certificate = Sign(new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256), key, "1.3.6.1.5.5.7.3.2");
        return (certificate.ExportCertificatePem(), key.ExportECPrivateKeyPem());
    }

    internal bool Issued(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_root);
        return chain.Build(certificate);
    }

    public void Dispose() => _root.Dispose();

    private X509Certificate2 Sign(CertificateRequest request, ECDsa key, string purpose)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        using var signed = request.Create(_root, _from, _from + Lifetime - TimeSpan.FromHours(1), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }
}
