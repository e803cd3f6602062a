using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Captures on a node of any cluster, through a pod of CaptureFlow's own that is pinned to it and uses its network.</summary>
internal sealed class NodePodMethod(
    ClusterConnection connection,
    AccessReviews reviews,
    Granting granting,
    NodeTapping tapping,
    Transfers transfers,
    Revoking revoking,
    NodePodSweep sweep,
    IOptions<TapOptions> tap,
    IOptions<NodeOptions> options) : ICaptureMethod
{
    public string Name => CaptureMethods.NodePod;

    public TimeSpan GrantLifetime(CaptureOrder order) => tap.Value.StartAllowance + order.LongestWindow + tap.Value.Linger + Planning.Slack;

    public Task<IReadOnlyList<CaptureFault>> CheckAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        LacksAsync(connection, reviews, options.Value.Namespace, mayGetNodes: true, cancellationToken);

    /// <summary>The fault of the rights that CaptureFlow's own identity lacks where these pods are; whether it may read nodes is known already.</summary>
    public static async Task<IReadOnlyList<CaptureFault>> LacksAsync(
        ClusterConnection connection, AccessReviews reviews, string @namespace, bool mayGetNodes, CancellationToken cancellationToken)
    {
        var needed = NodeRights.OfCaptureFlow.Where(right => right != NodeRights.GetNodes).ToList();
        var missing = await reviews.MissingAsync(connection.Own, @namespace, needed, cancellationToken);
        return Lacks([.. mayGetNodes ? [] : (Right[])[NodeRights.GetNodes], .. missing], @namespace);
    }

    // The namespace of these pods is CaptureFlow's own, so the account lives there too.
    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => granting.EnsureAsync(Inside(plan).Order, options.Value.Namespace, CaptureRole.OnNode, plan.GrantLifetime, cancellationToken));

    public Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => tapping.EnsureAsync(Inside(plan), grant, cancellationToken));

    public Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => transfers.ObserveAsync(Inside(plan), grant, cancellationToken));

    public Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => transfers.FinishAsync(Inside(plan), grant, stopNow, cancellationToken));

    public Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken) =>
        SiteEdge.ReadAsync(() => transfers.ReadAsync(Inside(plan), grant, offset, sink, cancellationToken));

    public Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        SiteEdge.RevokedAsync(plan.Order.CaptureId, () => revoking.EnsureAsync(Inside(plan), cancellationToken));

    public Task<SweepReport> SweepAsync(CancellationToken cancellationToken) => sweep.SweepAsync(takeBack: true, cancellationToken);

    public Task<SweepReport> AuditAsync(CancellationToken cancellationToken) => sweep.SweepAsync(takeBack: false, cancellationToken);

    private CapturePlan Inside(CapturePlan plan) => NodePodSpec.Inside(plan, options.Value.Namespace);

    /// <summary>The fault of rights that CaptureFlow itself lacks for captures on nodes.</summary>
    public static IReadOnlyList<CaptureFault> Lacks(IReadOnlyList<Right> rights, string @namespace) =>
        MissingRights.Faults(rights, @namespace, MissingRights.OnNodes, "target.node");
}
