using CaptureFlow.Orchestrations;

namespace CaptureFlow.FaultHost;

internal sealed class PausingSite(ICaptureSite inner, PausePoint pause) : ICaptureSite
{
    public Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken) =>
        pause.AroundAsync("resolve", () => inner.ResolveAsync(order, cancellationToken));

    public Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken) => inner.CheckAsync(order, cancellationToken);

    public Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken) =>
        pause.AroundAsync("plan", () => inner.PlanAsync(order, cancellationToken));

    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        pause.AroundAsync("grant", () => inner.EnsureGrantAsync(plan, cancellationToken));

    public Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        pause.AroundAsync("attach", () => inner.EnsureTapAsync(plan, grant, cancellationToken));

    public Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        pause.AroundAsync("observe", () => inner.ObserveAsync(plan, grant, cancellationToken));

    public Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken) =>
        pause.AroundAsync("finish", () => inner.FinishAsync(plan, grant, stopNow, cancellationToken));

    public async Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        await pause.ReachedAsync("retrieve:before");
        var at = offset;
        var fault = await inner.ReadAsync(
            plan,
            grant,
            offset,
            async (bytes, token) =>
            {
                await sink(bytes[..(bytes.Length / 2)], token);
                await pause.ReachedAsync("retrieve:during");
                await sink(bytes[(bytes.Length / 2)..], token);
                at += bytes.Length;
                if (at >= plan.ByteBound / 2)
                {
                    await pause.ReachedAsync("retrieve:halfway");
                }
            },
            cancellationToken);
        await pause.ReachedAsync("retrieve:after");
        return fault;
    }

    public Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        pause.AroundAsync("revoke", () => inner.EnsureRevokedAsync(plan, cancellationToken));

    public Task<SweepReport> SweepAsync(CancellationToken cancellationToken) => inner.SweepAsync(cancellationToken);

    public Task<SweepReport> AuditAsync(CancellationToken cancellationToken) => inner.AuditAsync(cancellationToken);
}
