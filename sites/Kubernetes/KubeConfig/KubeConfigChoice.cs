namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The part of a kubeconfig that one context means.</summary>
/// <param name="Files">Where it was read, for messages.</param>
/// <param name="ClusterName">The cluster's name there.</param>
/// <param name="Cluster">Paths in it are absolute.</param>
/// <param name="User">The same; empty where the context names none.</param>
internal sealed record KubeConfigChoice(string Files, string ClusterName, KubeConfigCluster Cluster, KubeConfigUser User);
