using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Handshakes of real ends.</summary>
internal static class TlsTalks
{
    public const string Name = "web.shop.example";

    /// <summary>Of one's own, for the name and another.</summary>
    public static X509Certificate2 Certificate(string name = Name, int untilMonth = 12)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=test", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        names.AddDnsName("*.other.example");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2026, untilMonth, 1, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>Client and server of .NET; the client takes any certificate, asks for h2 and http/1.1, and says a few bytes.</summary>
    public static Task AddAsync(CaptureMaker capture, SslProtocols version, X509Certificate2 certificate, int port = 41_000, string name = Name) => TalkRecorder.RecordAsync(
        capture, ($"10.0.0.1:{port}", "10.0.0.2:443"),
        stream => ServeAsync(stream, version, certificate),
        async at =>
        {
            using TcpClient client = new("127.0.0.1", at);
            await using SslStream tls = new(client.GetStream());
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = name,
                EnabledSslProtocols = version,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            });
            await tls.WriteAsync("s3cr3t"u8.ToArray());
            await tls.ReadExactlyAsync(new byte[6]);
            await tls.ShutdownAsync();
        });

    /// <summary>The client is OpenSSL's, and does not trust the certificate, or has demands of its own.</summary>
    public static Task AddOpenSslAsync(CaptureMaker capture, SslProtocols version, X509Certificate2 certificate, params string[] arguments) => TalkRecorder.RecordAsync(
        capture, ("10.0.0.1:42000", "10.0.0.2:443"),
        stream => ServeAsync(stream, version, certificate),
        at => Tshark.RunAsync("sh", ["-c", "exec openssl s_client \"$@\" </dev/null", "sh", "-connect", $"127.0.0.1:{at}", "-servername", Name, .. arguments]));

    private static async Task ServeAsync(Stream stream, SslProtocols version, X509Certificate2 certificate)
    {
        await using SslStream tls = new(stream);
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                EnabledSslProtocols = version,
                ApplicationProtocols = [SslApplicationProtocol.Http11],
            });
            var data = new byte[6];
            await tls.ReadExactlyAsync(data);
            await tls.WriteAsync(data);
            await tls.ReadAtLeastAsync(data, 1, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            // The client went away, as it should.
        }
    }
}
