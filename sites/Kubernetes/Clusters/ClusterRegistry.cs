using CaptureFlow.Orchestrations;
using k8s;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The clusters of this process, each with one graph of steps, and so one connection, of its own.</summary>
internal sealed class ClusterRegistry : IDisposable
{
    /// <summary>The cluster of orders that name none.</summary>
    public const string Default = CaptureTarget.DefaultCluster;

    private readonly SortedDictionary<string, (IServiceScope Scope, ICaptureSite Site, RegisteredCluster Cluster)> _clusters = new(StringComparer.Ordinal);

    public ClusterRegistry(
        IServiceScopeFactory scopes, ClusterConfigurations configurations, IOptions<ClusterRegistryOptions> registered, IOptions<ClusterOptions> options)
    {
        foreach (var (name, entry) in registered.Value.Clusters)
        {
            Open(scopes, configurations.Of(name, entry));
        }

        // With a registry, a default cluster that nobody has configured is none: it would only be swept in vain, once a minute.
        if (!_clusters.ContainsKey(Default) && (_clusters.Count == 0 || IsNamed(options.Value)))
        {
            Open(scopes, configurations.Of(Default, options.Value));
        }
    }

    public IReadOnlyCollection<string> Names => _clusters.Keys;

    public IEnumerable<RegisteredCluster> Clusters => _clusters.Values.Select(opened => opened.Cluster);

    /// <param name="name">Null for the default cluster.</param>
    public ICaptureSite? TryFind(string? name) => _clusters.TryGetValue(name ?? Default, out var found) ? found.Site : null;

    public void Dispose()
    {
        foreach (var (scope, _, _) in _clusters.Values)
        {
            scope.Dispose();
        }
    }

    private static bool IsNamed(ClusterOptions options) =>
        options is not { KubeConfig: null, Context: null } || KubernetesClientConfiguration.IsInCluster() || KubeConfigFile.AnyByDefault();

    private void Open(IServiceScopeFactory scopes, RegisteredCluster cluster)
    {
        var scope = scopes.CreateScope();
        scope.ServiceProvider.GetRequiredService<ClusterScope>().Cluster = cluster;
        _clusters.Add(cluster.Name, (scope, scope.ServiceProvider.GetRequiredService<ClusterSite>(), cluster));
    }
}
