using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>Captures on a GKE node over SSH. The edge where refusals become faults; the work is in the steps.</summary>
internal sealed class GceMethod(
    NodeChecks checks, GceGranting granting, NodeTapping tapping, NodeTransfers transfers, NodeRevoking revoking, NodeSweeping sweeping, IOptions<GceOptions> options) : IProcessMethod
{
    // Room for a crash and a restart between the steps.
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    public string Name => CaptureMethods.NodeSsh;

    public TimeSpan GrantLifetime(CaptureOrder order) =>
        options.Value.LoginWithin + options.Value.ToolboxAllowance + order.LongestWindow + options.Value.Linger + Slack;

    public async Task<IReadOnlyList<CaptureFault>> CheckAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await checks.CheckAsync(plan, cancellationToken);
        }
        catch (GceRefusalException refusal)
        {
            return [refusal.Fault];
        }
    }

    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        FaultedAsync(() => granting.EnsureAsync(plan, cancellationToken));

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
        catch (GceRefusalException refusal)
        {
            return refusal.Fault;
        }
    }

    public async Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await revoking.EnsureAsync(plan, cancellationToken);
        }
        catch (GceRefusalException refusal)
        {
            // A refused revoke may be allowed again once somebody has mended CaptureFlow's own rights.
            throw new StepUnavailableException($"revoke {plan.Order.CaptureId}: {refusal.Message} {refusal.Fault.Detail}", refusal);
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
        catch (GceRefusalException refusal)
        {
            return StepResult.Fault<T>(refusal.Fault);
        }
        catch (IOException cut)
        {
            throw new StepUnavailableException($"SSH: {cut.Message}", cut);
        }
    }
}
