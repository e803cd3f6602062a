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
    private static readonly TimeSpan AskedWithin = TimeSpan.FromSeconds(5);

    // A container that is being made hears nothing yet; this is how long a busy node was seen to take, with room.
    private static readonly TimeSpan BegunWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>The pod as CaptureFlow itself sees it; null when it is gone.</summary>
    public Task<V1Pod?> FindPodAsync(CaptureTarget target, CancellationToken cancellationToken) => calls.TryFindAsync(
        "get pods", token => connection.Own.CoreV1.ReadNamespacedPodAsync(target.Pod, target.Namespace, cancellationToken: token), cancellationToken);

    /// <summary>True when the container runs; also when it is being made or nothing is known of it yet, for it may run by the time it is asked.</summary>
    public static bool MayRun(V1Pod? pod, string captureId) =>
        pod is not null && !TapStatus.IsPodEnded(pod) && TapStatus.Spec(pod, captureId) is not null
        && TapStatus.Of(pod, captureId) is var status && !TapStatus.IsEnded(status) && !TapWaiting.IsStuck(status);

    public bool IsNeeded(V1Pod? pod, CapturePlan plan) => pod?.Metadata.Uid == plan.PodUid && MayRun(pod, plan.Order.CaptureId);

    public bool CanHear(V1Pod? pod, CapturePlan plan) =>
        IsNeeded(pod, plan) && pod is { Metadata.DeletionTimestamp: null } && TapStatus.Of(pod, plan.Order.CaptureId)?.State?.Waiting is null;

    /// <summary>
    /// Asks the container to end, and again for a while when that is refused or its tap has yet to begin: once the permission is gone, it takes
    /// another to ask.
    /// </summary>
    public async Task TryEndAsync(CaptureOrder order, string accounts, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (await AskToEndAsync(order, accounts, cancellationToken) is not { } refusal)
            {
                return;
            }

            if (time.GetUtcNow() + pause > began + refusal.Patience)
            {
                logger.NotReleased(order.CaptureId, refusal.Words);
                return;
            }

            await calls.PauseAsync(pause, cancellationToken);
        }
    }

    // Null when it was told; else why not, and for how long it is worth asking.
    private async Task<(string Words, TimeSpan Patience)?> AskToEndAsync(CaptureOrder order, string accounts, CancellationToken cancellationToken)
    {
        try
        {
            using var granted = await tokens.OpenAsync(accounts, order.CaptureId, cancellationToken);
            var (outcome, _) = await exec.AskAsync(TapAddress.Of(granted, order), TapScripts.Release(order.CaptureId), Cap, cancellationToken);
            // The container's end takes the exec with it: a cut, or a kill, is as good as an exit.
            return outcome is { End: ExecEnd.Exited, ExitCode: not (0 or TapScripts.Killed) }
                ? ($"{outcome.Words} {outcome.Errors}", outcome.ExitCode == TapScripts.NotBegun ? BegunWithin : TimeSpan.Zero)
                : null;
        }
        catch (ClusterRefusalException e)
        {
            // So kubelets answer for a container that is not there yet.
            return (e.Message, e.Status is 400 or 404 ? BegunWithin : AskedWithin);
        }
        catch (StepUnavailableException e)
        {
            // Repeated for long enough by whoever threw it.
            return (e.Message, TimeSpan.Zero);
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
