using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Tests.Clusters;

/// <summary>An API server on loopback with a certificate of its own, that answers what a test tells it and remembers who asked what.</summary>
internal sealed class FakeApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly ConcurrentQueue<(string Path, string Authorization)> _asked = new();
    private readonly ConcurrentQueue<IReadOnlyDictionary<string, string>> _headers = new();

    private FakeApiServer(Func<HttpContext, Task> answer, X509Certificate2? certificate)
    {
        _certificate = certificate ?? SelfSigned();
        var builder = WebApplication.CreateSlimBuilder();
        // By a callback: a certificate that is given outright is refused by the server itself when it is not for servers.
        TlsHandshakeCallbackOptions tls = new() { OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificate = _certificate }) };
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(tls)));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(context =>
        {
            _headers.Enqueue(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            _asked.Enqueue(($"{context.Request.Method} {context.Request.Path}", context.Request.Headers.Authorization.ToString()));
            return answer(context);
        });
    }

    public string Url => _app.Urls.First();

    /// <summary>As a kubeconfig has it.</summary>
    public string AuthorityData => Convert.ToBase64String(Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()));

    public IReadOnlyList<(string Path, string Authorization)> Asked => [.. _asked];

    /// <summary>The headers of each request, several of a name joined by a comma.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Headers => [.. _headers];

    /// <param name="answer">What it says to a request; null for <see cref="Empty"/>.</param>
    /// <param name="certificate">Which it shows, and disposes; null for one that vouches for itself and for 127.0.0.1.</param>
    public static async Task<FakeApiServer> StartAsync(Func<HttpContext, Task>? answer = null, X509Certificate2? certificate = null)
    {
        var server = new FakeApiServer(answer ?? Empty, certificate);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A role that allows whatever a capture may need.</summary>
    public const string Role = """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"it"},"rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}""";

    /// <summary>Every list is empty, everything is allowed, and the roles of captures are there.</summary>
    public static Task Empty(HttpContext context) => JsonAsync(context, 200, context.Request.Path.Value!.EndsWith("accessreviews", StringComparison.Ordinal)
        ? """{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{},"status":{"allowed":true}}"""
        : context.Request.Path.Value.Contains("/clusterroles/", StringComparison.Ordinal) ? Role
        : """{"apiVersion":"v1","kind":"List","metadata":{},"items":[]}""");

    public static async Task JsonAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    }

    /// <summary>A kubeconfig for it, with one context.</summary>
    public string KubeConfig(string token, bool authority = true, bool insecure = false) => $$$"""
        apiVersion: v1
        kind: Config
        current-context: it
        contexts: [{name: it, context: {cluster: it, user: it}}]
        clusters:
        - name: it
          cluster: {server: "{{{Url}}}", insecure-skip-tls-verify: {{{(insecure ? "true" : "false")}}}, certificate-authority-data: "{{{(authority ? AuthorityData : "")}}}"}
        users: [{name: it, user: {token: {{{token}}}}}]
        """;

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fake-api-server", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
