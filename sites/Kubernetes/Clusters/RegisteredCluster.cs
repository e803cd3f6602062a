namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A cluster of the registry: its name, and how it is spoken to.</summary>
/// <param name="Name">A DNS label.</param>
/// <param name="Load">Reads files, and runs a credential plugin where the kubeconfig names one; speaks to no cluster. Throws <see cref="ClusterRefusalException"/> when it cannot.</param>
internal sealed record RegisteredCluster(string Name, Func<ClusterAccess> Load);
