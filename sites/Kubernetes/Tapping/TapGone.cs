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
        if (pod is null || pod.Metadata.Uid != plan.PodUid || TapStatus.IsPodEnded(pod))
        {
            return PodGone(target);
        }

        if (TapStatus.Of(pod, plan.Order.CaptureId)?.State?.Terminated is not { } ended)
        {
            return null;
        }

        // A deleted pod is there until its last container has ended; the tap may be the first.
        return pod.Metadata.DeletionTimestamp is not null
            ? PodGone(target)
            : new(
                FaultCodes.TapGone,
                "The tap's container has ended, and the file with it.",
                "Order again; a container that ended early was out of memory or storage, or was released.",
                Detail: $"exit code {ended.ExitCode}, {ended.Reason}{(ended.Message is { Length: > 0 } m ? ": " + m.Trim() : "")}");
    }

    public Task<V1Pod?> ReadAsync(IKubernetes client, CaptureTarget target, CancellationToken cancellationToken) => calls.TryFindAsync(
        "get pods", token => client.CoreV1.ReadNamespacedPodAsync(target.Pod, target.Namespace, cancellationToken: token), cancellationToken);

    public static CaptureFault PodGone(CaptureTarget target) => new(
        FaultCodes.PodGone, $"The pod {target} is gone, and the tap with it.", "Order again for the pod that took its place.", "target.pod");
}
