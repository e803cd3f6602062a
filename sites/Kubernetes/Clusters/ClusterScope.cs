namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The one cluster that the steps of a service scope work in: the registry opens one scope per cluster, for the process.</summary>
internal sealed class ClusterScope
{
    private RegisteredCluster? _cluster;

    public RegisteredCluster Cluster
    {
        get => _cluster ?? throw new InvalidOperationException("The steps of the pod site are resolved from a cluster's scope only.");
        set => _cluster = value;
    }
}
