namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Where the clusters of this process are, as its configuration says. A host that goes on with what another began compares: in another cluster of the same
/// name, everything that is to be taken back would be found gone.
/// </summary>
public sealed class ClusterAddresses
{
    private readonly ClusterRegistry _registry;

    internal ClusterAddresses(ClusterRegistry registry) => _registry = registry;

    /// <summary>Server addresses by cluster name. Reads files, speaks to no cluster and runs no credential plugin.</summary>
    /// <returns>Without the clusters whose configuration cannot be read, and without the one that this process runs in.</returns>
    public IReadOnlyDictionary<string, string> Read() => _registry.Clusters
        .Select(cluster => (cluster.Name, Server: cluster.Server()))
        .Where(cluster => cluster.Server is not null)
        .ToDictionary(cluster => cluster.Name, cluster => cluster.Server!, StringComparer.Ordinal);
}
