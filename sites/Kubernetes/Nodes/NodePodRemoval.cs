using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Deletes a tap's own pod, as the capture's own account, and waits until it is gone.</summary>
internal sealed class NodePodRemoval(
    ClusterConnection connection, ClusterCalls calls, CaptureTokens tokens, TimeProvider time, ILogger<NodePodRemoval> logger) : ITapEnding
{
    // The tap ends at once when it is told to; the rest is the kubelet's.
    private const int GraceSeconds = 3;
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public bool IsNeeded(V1Pod? pod, CapturePlan plan) => pod is not null && TapStatus.IsOf(pod, plan);

    public bool CanHear(V1Pod? pod, CapturePlan plan) => IsNeeded(pod, plan);

    public async Task TryEndAsync(CaptureOrder order, string accounts, CancellationToken cancellationToken)
    {
        try
        {
            using var granted = await tokens.OpenAsync(accounts, order.CaptureId, cancellationToken);
            // Marks and uid: what carries the name alone is not this capture's, and stays.
            if (await FindAsync(order, cancellationToken) is { } pod && GrantMarks.IsOf(pod.Metadata, order.CaptureId))
            {
                await DeleteAsync(granted, pod.Metadata, cancellationToken);
            }

            if (!await WaitEndedAsync(order, GoneWithin, cancellationToken))
            {
                logger.NotReleased(order.CaptureId, "its pod is deleted, and still there");
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
        while (await FindAsync(order, cancellationToken) is { } pod && GrantMarks.IsOf(pod.Metadata, order.CaptureId))
        {
            if (time.GetUtcNow() > deadline)
            {
                return false;
            }

            await calls.PauseAsync(Poll, cancellationToken);
        }

        return true;
    }

    private async Task DeleteAsync(IKubernetes granted, V1ObjectMeta pod, CancellationToken cancellationToken)
    {
        try
        {
            await calls.AskAsync(
                "delete pods",
                token => granted.CoreV1.DeleteNamespacedPodAsync(
                    pod.Name, pod.NamespaceProperty, new V1DeleteOptions { GracePeriodSeconds = GraceSeconds, Preconditions = new() { Uid = pod.Uid } }, cancellationToken: token),
                cancellationToken);
        }
        catch (ClusterRefusalException refusal) when (refusal.Status is 404 or 409)
        {
            // Gone already, or another's by now.
        }
    }

    private Task<V1Pod?> FindAsync(CaptureOrder order, CancellationToken cancellationToken) => calls.TryFindAsync(
        "get pods",
        token => connection.Own.CoreV1.ReadNamespacedPodAsync(order.Target.Pod, order.Target.Namespace, cancellationToken: token),
        cancellationToken);
}
