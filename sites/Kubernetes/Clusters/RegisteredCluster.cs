using k8s;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A cluster of the registry: its name, and how its client is configured.</summary>
/// <param name="Name">A DNS label.</param>
/// <param name="Load">Reads files, speaks to nobody. Throws <see cref="ClusterRefusalException"/> when it cannot.</param>
internal sealed record RegisteredCluster(string Name, Func<KubernetesClientConfiguration> Load);
