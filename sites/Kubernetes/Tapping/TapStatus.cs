using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What a pod says about its tap.</summary>
internal static class TapStatus
{
    public static V1ContainerStatus? Of(V1Pod pod, string captureId) =>
        pod.Status?.EphemeralContainerStatuses?.FirstOrDefault(s => s.Name == captureId)
        ?? pod.Status?.ContainerStatuses?.FirstOrDefault(s => s.Name == captureId);

    /// <summary>Whether this is the pod that the tap is in: the one that was planned for, or CaptureFlow's own on a node.</summary>
    public static bool IsOf(V1Pod pod, CapturePlan plan) =>
        plan.Place is null ? pod.Metadata.Uid == plan.PodUid : GrantMarks.IsOf(pod.Metadata, plan.Order.CaptureId);

    public static V1EphemeralContainer? Spec(V1Pod pod, string captureId) =>
        pod.Spec.EphemeralContainers?.FirstOrDefault(c => c.Name == captureId);

    public static bool IsEnded(V1ContainerStatus? status) => status?.State?.Terminated is not null;

    /// <summary>A pod that has ended runs nothing, whatever its container statuses last said.</summary>
    public static bool IsPodEnded(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";
}
