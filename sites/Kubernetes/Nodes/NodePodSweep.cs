using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Takes back what captures on nodes left past its expiry, in CaptureFlow's own namespace: grants, and pods through a fresh short grant. By
/// labels and annotations alone; live ones, and what is not ours, are left alone.
/// </summary>
internal sealed class NodePodSweep(
    ClusterScope scope,
    ClusterConnection connection,
    ClusterCalls calls,
    AccessReviews reviews,
    Sweeping sweeping,
    GrantSweep grants,
    Granting granting,
    NodePodRemoval removal,
    GrantObjects objects,
    IOptions<NodeOptions> options,
    IOptions<CapturePolicy> policy,
    ClusterClock clock,
    ILogger<NodePodSweep> logger)
{
    /// <summary>What CaptureFlow's own identity needs for it, beside what a capture needs and <see cref="GrantSweep.Needs"/>.</summary>
    public static readonly Right Need = new("list", "pods");

    private const string Kind = "pod";
    private static readonly TimeSpan FreshGrant = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(5);

    public async Task<SweepReport> SweepAsync(bool takeBack, CancellationToken cancellationToken)
    {
        var (space, tally) = (options.Value.Namespace, new SweepTally(scope.Cluster.Name, () => clock.Now, takeBack));
        try
        {
            // Without the rights for captures on nodes there never was one.
            if ((await reviews.MissingAsync(connection.Own, space, [Need, NodeRights.BindRole], cancellationToken)).Count > 0)
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
            if (policy.Value.Namespaces.Count > 0 && !policy.Value.Namespaces.Contains(space))
            {
                await grants.SweepAsync(space, tally, cancellationToken);
            }

            foreach (var pod in await ListAsync(space, cancellationToken))
            {
                await SweepOneAsync(pod.Metadata, tally, cancellationToken);
            }
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            tally.Fault(sweeping.CannotLook(space, e));
        }

        return tally.ToReport();
    }

    private async Task SweepOneAsync(V1ObjectMeta pod, SweepTally tally, CancellationToken cancellationToken)
    {
        if (!CaptureIds.IsValid(pod.Name) || !GrantMarks.IsOf(pod, pod.Name) || GrantMarks.ExpiresAt(pod) is not { } expiresAt || expiresAt > tally.At)
        {
            return;
        }

        if (!tally.TakesBack)
        {
            tally.Found(Kind, pod, expiresAt, null);
            return;
        }

        var detail = await TryRemoveAsync(pod, tally.At, cancellationToken);
        tally.Found(Kind, pod, expiresAt, detail);
        logger.Swept(Kind, pod.NamespaceProperty, pod.Name, detail ?? "removed");
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
            await objects.EnsureNoneAsync(order, pod.NamespaceProperty, cancellationToken);
            return await removal.WaitEndedAsync(order, GoneWithin, cancellationToken) ? null : "deleted, and still there";
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            return e.Message;
        }
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
