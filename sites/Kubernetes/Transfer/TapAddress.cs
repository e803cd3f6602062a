using CaptureFlow.Orchestrations;
using k8s;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A tap's container, and the granted identity that may touch it.</summary>
internal sealed record TapAddress(IKubernetes Client, string Namespace, string Pod, string Container)
{
    public static TapAddress Of(IKubernetes granted, CaptureOrder order) => new(granted, order.Target.Namespace, order.Target.Pod, order.CaptureId);

    public override string ToString() => $"{Namespace}/{Pod} {Container}";
}
