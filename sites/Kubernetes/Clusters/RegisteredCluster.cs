namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A cluster of the registry: its name, and how it is spoken to.</summary>
/// <param name="Name">A DNS label.</param>
/// <param name="Load">Reads files, and runs a credential plugin where the kubeconfig names one; speaks to no cluster. Throws <see cref="ClusterRefusalException"/> when it cannot.</param>
/// <param name="Server">The address of its API server, from files alone; null when they cannot be read.</param>
internal sealed record RegisteredCluster(string Name, Func<ClusterAccess> Load, Func<string?> Server);
