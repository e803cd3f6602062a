using System.Diagnostics.CodeAnalysis;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Finds out why a tap does not answer.</summary>
internal sealed class TapGone(ClusterCalls calls)
{
    /// <summary>The fault when the pod or the tap is gone; null when it is still there, and the line was at fault.</summary>
    public async Task<CaptureFault?> FindAsync(IKubernetes client, CapturePlan plan, CancellationToken cancellationToken)
    {
        var target = plan.Order.Target;
        var pod = await ReadAsync(client, target, cancellationToken);
        var status = pod is null ? null : TapStatus.Of(pod, plan.Order.CaptureId);
        if (pod is null || IsPodGone(pod, plan, status))
        {
            return PodGone(plan, pod);
        }

        if (status?.State?.Terminated is not { } ended)
        {
            return null;
        }

        // A deleted pod is there until its last container has ended; the tap may be the first.
        return pod.Metadata.DeletionTimestamp is not null
            ? PodGone(plan, pod)
            : new(
                FaultCodes.TapGone,
                "The tap's container has ended, and the file with it.",
                "Order again; a container that ended early was out of memory or storage, or was released.",
                Detail: $"exit code {ended.ExitCode}, {ended.Reason}{(ended.Message is { Length: > 0 } m ? ": " + m.Trim() : "")}");
    }

    public Task<V1Pod?> ReadAsync(IKubernetes client, CaptureTarget target, CancellationToken cancellationToken) => calls.TryFindAsync(
        "get pods", token => client.CoreV1.ReadNamespacedPodAsync(target.Pod, target.Namespace, cancellationToken: token), cancellationToken);

    /// <summary>Whether the pod around the tap is gone or another. A pod of CaptureFlow's own ends with its tap, which then has more to say.</summary>
    public static bool IsPodGone([NotNullWhen(false)] V1Pod? pod, CapturePlan plan, V1ContainerStatus? status) =>
        pod is null || !TapStatus.IsOf(pod, plan) || (TapStatus.IsPodEnded(pod) && (plan.Place is null || status?.State?.Terminated is null || pod.Status.Reason is { Length: > 0 }));

    public static CaptureFault PodGone(CapturePlan plan, V1Pod? pod) => plan.Place is { } place
        ? new(
            FaultCodes.TapGone,
            $"The tap's pod {plan.Order.Target} on node {place.Node} is gone, and the file with it.",
            "Order again; a pod is evicted by a node short of memory or storage, or somebody deleted it.",
            Detail: pod?.Status is { Reason: { Length: > 0 } reason } status ? $"{reason}: {status.Message}" : null)
        : PodGone(plan.Order.Target);

    public static CaptureFault PodGone(CaptureTarget target) => new(
        FaultCodes.PodGone, $"The pod {target} is gone, and the tap with it.", "Order again for the pod that took its place.", "target.pod");
}
