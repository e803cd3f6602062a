using k8s;
using k8s.Authentication;
using k8s.Exceptions;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Turns entries of the registry into configurations of the client.</summary>
internal sealed class ClusterConfigurations(TimeProvider time, ILogger<ClusterConfigurations> logger)
{
    public RegisteredCluster Of(string name, ClusterEntry entry)
    {
        if (entry.Kind is ClusterKinds.KubeConfig or ClusterKinds.InCluster)
        {
            return entry.Kind == ClusterKinds.InCluster ? Inside(name) : File(name, entry.KubeConfig, entry.Context);
        }

        // One holder of tokens for the process, however often the configuration is loaded.
        ITokenSource source = entry.Kind == ClusterKinds.Aks ? EntraTokens.Of(entry) : GoogleTokens.Of(entry, time);
        return Remote(name, entry, new AccessTokens(name, source, time, logger));
    }

    /// <summary>The cluster of <see cref="ClusterOptions"/>: what kubectl would use, where it says nothing.</summary>
    public RegisteredCluster Of(string name, ClusterOptions options) =>
        options is { KubeConfig: null, Context: null } && KubernetesClientConfiguration.IsInCluster() ? Inside(name) : File(name, options.KubeConfig, options.Context);

    internal static RegisteredCluster Remote(string name, ClusterEntry entry, ITokenProvider tokens) => new(
        name,
        () => new(new KubernetesClientConfiguration
        {
            Host = entry.Server,
            SslCaCerts = entry.CertificateAuthorityData is { Length: > 0 } data ? ClusterEntryRules.TryReadAuthority(data) : null,
            TokenProvider = tokens,
        }),
        () => entry.Server);

    // Whatever the pod's cluster is, it stays the pod's: a state folder does not move with a service account's token to another one.
    private static RegisteredCluster Inside(string name) => new(name, () => Read(() => new(KubernetesClientConfiguration.InClusterConfig())), () => null);

    private RegisteredCluster File(string name, string? files, string? context) => new(
        name,
        () => Read(() => KubeConfigAccess.Of(KubeConfigFile.Choose(files, context), time, logger)),
        () => TryReadServer(files, context));

    private static string? TryReadServer(string? files, string? context)
    {
        try
        {
            return KubeConfigFile.Choose(files, context).Cluster.Server;
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            // The first step that speaks to the cluster says why.
            return null;
        }
    }

    private static ClusterAccess Read(Func<ClusterAccess> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is KubeConfigException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterRefusalException(ClusterRefusalException.NoConnection, ClusterRefusalException.NoKubeConfig, e.Message, e);
        }
    }
}
