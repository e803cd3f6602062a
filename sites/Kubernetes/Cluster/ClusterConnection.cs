using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using k8s;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// The way to the API server: as CaptureFlow itself (one client for the process), or as a capture's own account (one client for a step).
/// Certificates are always checked: a kubeconfig that says otherwise is overruled. One per cluster.
/// </summary>
internal sealed class ClusterConnection(ClusterScope scope, ClusterClock clock, IOptions<ClusterOptions> options) : IDisposable
{
    // A dead peer is noticed within 40 s instead of never: the library's default leaves a silent socket open for ever.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private ClusterAccess? _access;
    private k8s.Kubernetes? _own;

    /// <summary>CaptureFlow's own identity.</summary>
    /// <exception cref="ClusterRefusalException">The kubeconfig cannot be read.</exception>
    public IKubernetes Own
    {
        get
        {
            lock (_gate)
            {
                return _own ??= Open(Access(), new ClockReading(clock));
            }
        }
    }

    /// <summary>A capture's own account. The caller disposes it at the end of its step; the token lives nowhere else.</summary>
    public IKubernetes As(string token)
    {
        ClusterAccess own;
        lock (_gate)
        {
            own = Access();
        }

        // The same server, authority and way to it, and nothing of CaptureFlow's own credentials.
        var configuration = new KubernetesClientConfiguration
        {
            Host = own.Configuration.Host,
            SslCaCerts = own.Configuration.SslCaCerts,
            TlsServerName = own.Configuration.TlsServerName,
            HttpClientTimeout = own.Configuration.HttpClientTimeout,
            AccessToken = token,
        };
        return Open(new(configuration, own.Proxy), new ClockReading(clock));
    }

    public void Dispose() => _own?.Dispose();

    // A failed load is not remembered: the file may be mended while the host runs.
    private ClusterAccess Access()
    {
        if (_access is null)
        {
            var loaded = scope.Cluster.Load();
            loaded.Configuration.HttpClientTimeout = options.Value.RequestTimeout;
            _access = loaded;
        }

        return _access;
    }

    /// <summary>A client for an access, with everything that it says; the caller disposes it.</summary>
    internal static k8s.Kubernetes Open(ClusterAccess access, params DelegatingHandler[] handlers)
    {
        var configuration = access.Configuration;
        var impersonation = access.Impersonation ?? [];
        SocketsHttpHandler? made = null;
        configuration.SkipTlsVerify = false;
        configuration.FirstMessageHandlerSetup = handler => made = handler;
        var client = new k8s.Kubernetes(configuration, impersonation.Count > 0 ? [.. handlers, new HeaderAdding(impersonation)] : handlers);
        made!.Proxy = access.Proxy ?? ProxyChoice.OfEnvironment();
        var trust = made.SslOptions;
        AskForTheName(trust);
        client.CreateWebSocketBuilder = () =>
        {
            var builder = new ExecSocketBuilder(client.HttpClient, trust, made.Proxy, impersonation);
            if (configuration.TlsServerName is { Length: > 0 } name)
            {
                // As the library does with requests: the certificate is then checked for this name.
                builder.SetRequestHeader("Host", name);
            }

            builder.Options.KeepAliveInterval = KeepAlive;
            builder.Options.KeepAliveTimeout = KeepAlive;
            return builder;
        };
        return client;
    }

    // The library is content with whatever the kubeconfig's authority has signed, another server's certificate or a kubelet's included; and .NET takes a
    // subject for a name where a certificate has no names, which no other client of Kubernetes does any more.
    private static void AskForTheName(SslClientAuthenticationOptions trust)
    {
        var chain = trust.RemoteCertificateValidationCallback ?? ((_, _, _, errors) => errors == SslPolicyErrors.None);
        trust.RemoteCertificateValidationCallback = (sender, certificate, built, errors) =>
            errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) || !HasNames(certificate)
                ? throw new AuthenticationException($"The remote certificate ({certificate?.Subject}) is not for the name or address that the server is asked by.")
                : chain(sender, certificate, built, errors);
    }

    private static bool HasNames(X509Certificate? certificate) =>
        certificate is X509Certificate2 { Extensions: var extensions } && extensions.OfType<X509SubjectAlternativeNameExtension>().Any();
}
