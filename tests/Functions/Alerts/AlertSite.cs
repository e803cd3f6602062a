using CaptureFlow.Functions.Tests.Telemetry;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>A place where everything works at once, workloads included; keeps the orders that came to it.</summary>
internal sealed class AlertSite(TimeProvider time) : ICaptureSite
{
    private readonly FakeSite _site = new(time);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, object> _orders = new();

    /// <summary>The orders by capture id; a fleet's captures are not counted by themselves.</summary>
    public IReadOnlyDictionary<string, object> Orders => _orders;

    public Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken)
    {
        _orders[order.CaptureId] = order;
        return Task.FromResult(StepResult.Of(new FleetPlan([FleetMember.Of(order.CaptureId, order.RequestedAt, "web-0", "uid")], [])));
    }

    public Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken) => _site.CheckAsync(order, cancellationToken);

    public Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        if (order.Fleet is null)
        {
            _orders[order.CaptureId] = order;
        }

        return order.Target.Pod == "broken" ? throw new InvalidOperationException("a defect") : _site.PlanAsync(order, cancellationToken);
    }

    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) => _site.EnsureGrantAsync(plan, cancellationToken);

    public Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) => _site.EnsureTapAsync(plan, grant, cancellationToken);

    public Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) => _site.ObserveAsync(plan, grant, cancellationToken);

    public Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken) => _site.FinishAsync(plan, grant, stopNow, cancellationToken);

    public Task<CaptureFault?> ReadAsync(CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken) =>
        _site.ReadAsync(plan, grant, offset, sink, cancellationToken);

    public Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken) => _site.EnsureRevokedAsync(plan, cancellationToken);

    public Task<SweepReport> SweepAsync(CancellationToken cancellationToken) => _site.SweepAsync(cancellationToken);

    public Task<SweepReport> AuditAsync(CancellationToken cancellationToken) => SweepAsync(cancellationToken);
}
