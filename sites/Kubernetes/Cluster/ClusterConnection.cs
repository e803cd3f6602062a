using System.Net.Security;
using System.Security.Authentication;
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
    private KubernetesClientConfiguration? _configuration;
    private k8s.Kubernetes? _own;

    /// <summary>CaptureFlow's own identity.</summary>
    /// <exception cref="ClusterRefusalException">The kubeconfig cannot be read.</exception>
    public IKubernetes Own
    {
        get
        {
            lock (_gate)
            {
                return _own ??= Open(Configuration());
            }
        }
    }

    /// <summary>A capture's own account. The caller disposes it at the end of its step; the token lives nowhere else.</summary>
    public IKubernetes As(string token)
    {
        KubernetesClientConfiguration own;
        lock (_gate)
        {
            own = Configuration();
        }

        // The same server and authority, and nothing of CaptureFlow's own credentials.
        return Open(new KubernetesClientConfiguration
        {
            Host = own.Host,
            SslCaCerts = own.SslCaCerts,
            TlsServerName = own.TlsServerName,
            HttpClientTimeout = own.HttpClientTimeout,
            AccessToken = token,
        });
    }

    public void Dispose() => _own?.Dispose();

    // A failed load is not remembered: the file may be mended while the host runs.
    private KubernetesClientConfiguration Configuration()
    {
        if (_configuration is null)
        {
            var loaded = scope.Cluster.Load();
            loaded.SkipTlsVerify = false;
            loaded.HttpClientTimeout = options.Value.RequestTimeout;
            _configuration = loaded;
        }

        return _configuration;
    }

    private k8s.Kubernetes Open(KubernetesClientConfiguration configuration)
    {
        SocketsHttpHandler? made = null;
        configuration.FirstMessageHandlerSetup = handler => made = handler;
        var client = new k8s.Kubernetes(configuration, new ClockReading(clock));
        var trust = made!.SslOptions;
        AskForTheName(trust);
        client.CreateWebSocketBuilder = () =>
        {
            var builder = new ExecSocketBuilder(client.HttpClient, trust);
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

    // The library is content with whatever the kubeconfig's authority has signed, another server's certificate or a kubelet's included.
    private static void AskForTheName(SslClientAuthenticationOptions trust)
    {
        if (trust.RemoteCertificateValidationCallback is { } chain)
        {
            trust.RemoteCertificateValidationCallback = (sender, certificate, built, errors) => errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
                ? throw new AuthenticationException($"The remote certificate ({certificate?.Subject}) is not for the name or address that the server is asked by.")
                : chain(sender, certificate, built, errors);
        }
    }
}
