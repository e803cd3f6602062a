using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Captures in a pod, through an ephemeral container. The edge where refusals become faults; the work is in the steps.</summary>
internal sealed class PodSite(
    Resolving resolving, Planning planning, Preflighting preflighting, Granting granting, Tapping tapping, Transfers transfers, Revoking revoking, Sweeping sweeping) : ICaptureSite
{
    public Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken) =>
        FaultedAsync(() => resolving.ResolveAsync(order, cancellationToken));

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
        FaultedAsync(() => planning.PlanAsync(order, cancellationToken));

    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        FaultedAsync(() => granting.EnsureAsync(plan.Order, plan.GrantLifetime, cancellationToken));

    public Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        FaultedAsync(() => tapping.EnsureAsync(plan, grant, cancellationToken));

    public Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        FaultedAsync(() => transfers.ObserveAsync(plan, grant, cancellationToken));

    public Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken) =>
        FaultedAsync(() => transfers.FinishAsync(plan, grant, stopNow, cancellationToken));

    public async Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        try
        {
            return await transfers.ReadAsync(plan, grant, offset, sink, cancellationToken);
        }
        catch (ClusterRefusalException refusal)
        {
            return ClusterErrors.ToFault(refusal);
        }
    }

    public async Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await revoking.EnsureAsync(plan, cancellationToken);
        }
        catch (ClusterRefusalException refusal)
        {
            // A refused revoke may be allowed again once somebody has mended CaptureFlow's own rights.
            throw new StepUnavailableException($"revoke {plan.Order.CaptureId}: {refusal.Message}", refusal);
        }
    }

    public Task<SweepReport> SweepAsync(CancellationToken cancellationToken) => sweeping.SweepAsync(takeBack: true, cancellationToken);

    public Task<SweepReport> AuditAsync(CancellationToken cancellationToken) => sweeping.SweepAsync(takeBack: false, cancellationToken);

    private static async Task<StepResult<T>> FaultedAsync<T>(Func<Task<StepResult<T>>> step)
        where T : class
    {
        try
        {
            return await step();
        }
        catch (ClusterRefusalException refusal)
        {
            return StepResult.Fault<T>(ClusterErrors.ToFault(refusal));
        }
    }
}
