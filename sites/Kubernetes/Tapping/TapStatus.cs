using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What a pod says about its tap.</summary>
internal static class TapStatus
{
    public static V1ContainerStatus? Of(V1Pod pod, string captureId) =>
        pod.Status?.EphemeralContainerStatuses?.FirstOrDefault(s => s.Name == captureId);

    public static V1EphemeralContainer? Spec(V1Pod pod, string captureId) =>
        pod.Spec.EphemeralContainers?.FirstOrDefault(c => c.Name == captureId);

    public static bool IsEnded(V1ContainerStatus? status) => status?.State?.Terminated is not null;

    /// <summary>A pod that has ended runs nothing, whatever its container statuses last said.</summary>
    public static bool IsPodEnded(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";
}
