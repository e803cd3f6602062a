using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Lets a tap's container end, as the capture's own account. Whether it did is asked of the pod.</summary>
internal sealed class TapRelease(
    ClusterConnection connection, ClusterCalls calls, CaptureTokens tokens, TapExec exec, TimeProvider time, ILogger<TapRelease> logger)
    : ITapEnding
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>The pod as CaptureFlow itself sees it; null when it is gone.</summary>
    public Task<V1Pod?> FindPodAsync(CaptureTarget target, CancellationToken cancellationToken) => calls.TryFindAsync(
        "get pods", token => connection.Own.CoreV1.ReadNamespacedPodAsync(target.Pod, target.Namespace, cancellationToken: token), cancellationToken);

    /// <summary>True when the container runs; also when nothing is known of it yet, for it may run by the time it is asked.</summary>
    public static bool MayRun(V1Pod? pod, string captureId) =>
        pod is not null && !TapStatus.IsPodEnded(pod) && TapStatus.Spec(pod, captureId) is not null
        && TapStatus.Of(pod, captureId)?.State is not ({ Terminated: not null } or { Waiting: not null });

    public bool IsNeeded(V1Pod? pod, CapturePlan plan) => pod?.Metadata.Uid == plan.PodUid && MayRun(pod, plan.Order.CaptureId);

    /// <summary>Asks the container to end.</summary>
    public async Task TryEndAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        try
        {
            using var granted = await tokens.OpenAsync(order.Target.Namespace, order.CaptureId, cancellationToken);
            var (outcome, _) = await exec.AskAsync(TapAddress.Of(granted, order), TapScripts.Release(order.CaptureId), Cap, cancellationToken);
            // The container's end takes the exec with it: a cut is as good as an exit.
            if (outcome is { End: ExecEnd.Exited, ExitCode: not 0 })
            {
                logger.NotReleased(order.CaptureId, $"{outcome.Words} {outcome.Errors}");
            }
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            logger.NotReleased(order.CaptureId, e.Message);
        }
    }

    public async Task<bool> WaitEndedAsync(CaptureOrder order, TimeSpan cap, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + cap;
        while (MayRun(await FindPodAsync(order.Target, cancellationToken), order.CaptureId))
        {
            if (time.GetUtcNow() > deadline)
            {
                return false;
            }

            await calls.PauseAsync(Poll, cancellationToken);
        }

        return true;
    }
}
