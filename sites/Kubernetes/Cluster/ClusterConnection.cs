using k8s;
using k8s.Exceptions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// The way to the API server: as CaptureFlow itself (one client for the process), or as a capture's own account (one client for a step).
/// Certificates are always checked: a kubeconfig that says otherwise is overruled.
/// </summary>
internal sealed class ClusterConnection : IDisposable
{
    // A dead peer is noticed within 40 s instead of never: the library's default leaves a silent socket open for ever.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    private readonly Lazy<KubernetesClientConfiguration> _configuration;
    private readonly Lazy<k8s.Kubernetes> _own;

    public ClusterConnection(IOptions<ClusterOptions> options)
    {
        // A failed load is not remembered: the file may be mended while the host runs.
        _configuration = new(() => Load(options.Value), LazyThreadSafetyMode.PublicationOnly);
        _own = new(() => Open(_configuration.Value), LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>CaptureFlow's own identity.</summary>
    /// <exception cref="ClusterRefusalException">The kubeconfig cannot be read.</exception>
    public IKubernetes Own => _own.Value;

    /// <summary>A capture's own account. The caller disposes it at the end of its step; the token lives nowhere else.</summary>
    public IKubernetes As(string token)
    {
        var own = _configuration.Value;
        return Open(new KubernetesClientConfiguration
        {
            Host = own.Host,
            SslCaCerts = own.SslCaCerts,
            TlsServerName = own.TlsServerName,
            HttpClientTimeout = own.HttpClientTimeout,
            AccessToken = token,
        });
    }

    public void Dispose()
    {
        if (_own.IsValueCreated)
        {
            _own.Value.Dispose();
        }
    }

    private static KubernetesClientConfiguration Load(ClusterOptions options)
    {
        try
        {
            var configuration = options is { KubeConfig: null, Context: null } && KubernetesClientConfiguration.IsInCluster()
                ? KubernetesClientConfiguration.InClusterConfig()
                : KubernetesClientConfiguration.BuildConfigFromConfigFile(options.KubeConfig ?? KubeConfigFile.Default(), options.Context);
            configuration.SkipTlsVerify = false;
            configuration.HttpClientTimeout = options.RequestTimeout;
            return configuration;
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterRefusalException(ClusterRefusalException.NoConnection, "NoKubeConfig", e.Message, e);
        }
    }

    private static k8s.Kubernetes Open(KubernetesClientConfiguration configuration) => new(configuration)
    {
        CreateWebSocketBuilder = () =>
        {
            var builder = new WebSocketBuilder();
            builder.Options.KeepAliveInterval = KeepAlive;
            builder.Options.KeepAliveTimeout = KeepAlive;
            return builder;
        },
    };
}
