using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A tap that runs past its deadline, or without a grant.</summary>
internal sealed record OverdueTap(V1Pod Pod, V1EphemeralContainer Container);
