using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CaptureFlow.Sandbox.Workloads;

/// <summary>The mesh's sidecar: ends TLS on the pod's address with a certificate of its own and passes the plaintext on over loopback.</summary>
internal static class ProxyWorkload
{
    internal const string CertificateName = "CN=web.shop";

    internal static async Task RunAsync(CancellationToken cancellation)
    {
        var listen = IPEndPoint.Parse(Environment.GetEnvironmentVariable("LISTEN") ?? "0.0.0.0:8443");
        var upstream = IPEndPoint.Parse(Environment.GetEnvironmentVariable("UPSTREAM") ?? "127.0.0.1:8080");
        using var certificate = SelfSigned();
        var context = SslStreamCertificateContext.Create(certificate, null, offline: true);
        await TcpServing.RunAsync(listen, (connection, token) => ForwardAsync(connection, context, upstream, token), cancellation);
    }

    private static async Task ForwardAsync(
        TcpClient connection, SslStreamCertificateContext certificate, IPEndPoint upstream, CancellationToken cancellation)
    {
        await using var secure = new SslStream(connection.GetStream());
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificate }, cancellation);
        using var inner = new TcpClient();
        inner.NoDelay = true;
        await inner.ConnectAsync(upstream, cancellation);
        await using var plain = inner.GetStream();
        await Task.WhenAny(secure.CopyToAsync(plain, cancellation), plain.CopyToAsync(secure, cancellation));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(CertificateName, key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(2));
    }
}
