using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Captures in a pod, through an ephemeral container.</summary>
internal sealed class PodSite(
    Resolving resolving, Planning planning, Preflighting preflighting, Granting granting, Tapping tapping, Transfers transfers, Revoking revoking, Sweeping sweeping) : ICaptureSite
{
    public Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => resolving.ResolveAsync(order, cancellationToken));

    public async Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return await preflighting.CheckAsync(order, cancellationToken);
        }
        catch (ClusterRefusalException refusal)
        {
            return new(null, [], [ClusterErrors.ToFault(refusal)]);
        }
    }

    public Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => planning.PlanAsync(order, cancellationToken));

    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => granting.EnsureAsync(plan.Order, AccountHome.Of(plan), CaptureRole.InPod, plan.GrantLifetime, cancellationToken));

    public Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => tapping.EnsureAsync(plan, grant, cancellationToken));

    public Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => transfers.ObserveAsync(plan, grant, cancellationToken));

    public Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken) =>
        SiteEdge.FaultedAsync(() => transfers.FinishAsync(plan, grant, stopNow, cancellationToken));

    public Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken) =>
        SiteEdge.ReadAsync(() => transfers.ReadAsync(plan, grant, offset, sink, cancellationToken));

    public Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        SiteEdge.RevokedAsync(plan.Order.CaptureId, () => revoking.EnsureAsync(plan, cancellationToken));

    public Task<SweepReport> SweepAsync(CancellationToken cancellationToken) => sweeping.SweepAsync(takeBack: true, cancellationToken);

    public Task<SweepReport> AuditAsync(CancellationToken cancellationToken) => sweeping.SweepAsync(takeBack: false, cancellationToken);
}
