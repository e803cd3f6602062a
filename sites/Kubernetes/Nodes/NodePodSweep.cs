using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Removes the pods that captures on nodes left past their expiry, in CaptureFlow's own namespace, through a fresh short grant. By labels and
/// annotations alone; live ones, and what is not ours, are left alone.
/// </summary>
internal sealed class NodePodSweep(
    ClusterScope scope,
    ClusterConnection connection,
    ClusterCalls calls,
    Sweeping sweeping,
    NodeGrantSweep grants,
    Granting granting,
    NodePodRemoval removal,
    GrantObjects objects,
    TapTurns turns,
    ClusterClock clock,
    ILogger<NodePodSweep> logger)
{
    /// <summary>What CaptureFlow's own identity needs for it, beside what a capture needs and <see cref="GrantSweep.Needs"/>.</summary>
    public static readonly Right Need = new("list", "pods");

    private const string Kind = "pod";
    private static readonly TimeSpan FreshGrant = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TakenBackWithin = TimeSpan.FromSeconds(10);

    public async Task<SweepReport> SweepAsync(bool takeBack, CancellationToken cancellationToken)
    {
        var (space, tally) = (grants.Namespace, new SweepTally(scope.Cluster.Name, () => clock.Now, takeBack));
        try
        {
            if (!await grants.MayBeAsync(cancellationToken))
            {
                return tally.ToReport();
            }
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            // The sweep of the grants in pods' namespaces has met, and reported, the same.
            return tally.ToReport();
        }

        try
        {
            var listed = await ListAsync(space, cancellationToken);
            tally.Look();
            await turns.RunAsync(
                [.. listed.Where(pod => ExpiredAt(pod.Metadata) is { } at && at <= tally.At)],
                pod => pod,
                (pod, token) => tally.TakesBack ? TryRemoveAsync(pod.Metadata, tally.At, token) : Task.FromResult<string?>(null),
                (pod, detail) => Note(pod.Metadata, detail, tally),
                cancellationToken);
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            tally.Fault(sweeping.CannotLook(space, e));
        }

        return tally.ToReport();
    }

    private static DateTimeOffset? ExpiredAt(V1ObjectMeta pod) =>
        CaptureIds.IsValid(pod.Name) && GrantMarks.IsOf(pod, pod.Name) ? GrantMarks.ExpiresAt(pod) : null;

    private void Note(V1ObjectMeta pod, string? detail, SweepTally tally)
    {
        tally.Found(Kind, pod, ExpiredAt(pod) ?? tally.At, detail);
        if (tally.TakesBack)
        {
            logger.Swept(Kind, pod.NamespaceProperty, pod.Name, detail ?? "removed");
        }
    }

    // Null when its absence was seen.
    private async Task<string?> TryRemoveAsync(V1ObjectMeta pod, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var order = new CaptureOrder(
            pod.Name,
            new(pod.NamespaceProperty, pod.Name),
            new(CaptureCeilings.ShortestDuration, CaptureWindow.HeaderSnapLength, 0),
            null,
            "captureflow reaper",
            "remove a pod past its expiry",
            now);
        try
        {
            var grant = await granting.EnsureAsync(order, pod.NamespaceProperty, CaptureRole.OnNode, FreshGrant, cancellationToken);
            if (!grant.Succeeded)
            {
                return grant.Faults[0].Message;
            }

            await removal.TryEndAsync(order, pod.NamespaceProperty, cancellationToken);
        }
        finally
        {
            // Also when the time for this pod is up: the fresh grant is not left to its expiry.
            using var own = new CancellationTokenSource(TakenBackWithin);
            await objects.EnsureNoneAsync(order, pod.NamespaceProperty, own.Token);
        }

        return await removal.WaitEndedAsync(order, GoneWithin, cancellationToken) ? null : "deleted, and still there";
    }

    private async Task<IList<V1Pod>> ListAsync(string space, CancellationToken cancellationToken)
    {
        var list = await calls.AskAsync(
            "list pods",
            token => connection.Own.CoreV1.ListNamespacedPodAsync(space, labelSelector: GrantMarks.Selector, cancellationToken: token),
            cancellationToken);
        return list.Items;
    }
}
