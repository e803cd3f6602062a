namespace CaptureFlow.Orchestrations;

/// <summary>The pod to capture in.</summary>
/// <param name="Namespace">Kubernetes namespace.</param>
/// <param name="Pod">Pod name.</param>
/// <param name="Container">Container whose process namespace the tap joins; null joins none (the network is the pod's either way).</param>
/// <param name="Cluster">Name of the cluster in the configuration; null is the default cluster.</param>
public sealed record CaptureTarget(string Namespace, string Pod, string? Container = null, string? Cluster = null)
{
    public override string ToString() => $"{Namespace}/{Pod}";
}
