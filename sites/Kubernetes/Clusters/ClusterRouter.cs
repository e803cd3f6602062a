using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Hands every step to the site of its order's cluster, and sweeps them all.</summary>
internal sealed class ClusterRouter(ClusterRegistry registry, IEnumerable<IProcessMethod> methods, SweepEverywhere everywhere, IOptions<CapturePolicy> policy) : ICaptureSite
{
    // A sweep bounds itself to 3 minutes; this is for one that does not hold to it.
    private static readonly TimeSpan SweepCap = TimeSpan.FromMinutes(4);

    // Somebody waits for it, behind a front end that gives up after 230 s.
    private static readonly TimeSpan AuditCap = TimeSpan.FromMinutes(1);

    public Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken) =>
        registry.TryFind(order.Target.Cluster) is { } site
            ? site.ResolveAsync(order, cancellationToken)
            : Task.FromResult(StepResult.Fault<FleetPlan>(UnknownAmongOthers(order.Target.Cluster, FleetRules.Check(order, policy.Value))));

    public Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken) =>
        registry.TryFind(order.Target.Cluster) is { } site
            ? site.CheckAsync(order, cancellationToken)
            : Task.FromResult(new Preflight(null, [], UnknownAmongOthers(order.Target.Cluster, OrderRules.Check(order, policy.Value))));

    public Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken) =>
        registry.TryFind(order.Target.Cluster) is { } site
            ? site.PlanAsync(order, cancellationToken)
            : Task.FromResult(StepResult.Fault<CapturePlan>(UnknownAmongOthers(order.Target.Cluster, OrderRules.Check(order, policy.Value))));

    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        StepAsync(plan, site => site.EnsureGrantAsync(plan, cancellationToken));

    public Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        StepAsync(plan, site => site.EnsureTapAsync(plan, grant, cancellationToken));

    public Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        StepAsync(plan, site => site.ObserveAsync(plan, grant, cancellationToken));

    public Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken) =>
        StepAsync(plan, site => site.FinishAsync(plan, grant, stopNow, cancellationToken));

    public async Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken) =>
        registry.TryFind(plan.Order.Target.Cluster) is { } site
            ? await site.ReadAsync(plan, grant, offset, sink, cancellationToken)
            : Unknown(plan.Order.Target.Cluster);

    public Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        registry.TryFind(plan.Order.Target.Cluster) is { } site
            ? site.EnsureRevokedAsync(plan, cancellationToken)
            // Somebody may have taken the cluster out of the configuration by mistake: worth repeating until it is back.
            : throw new StepUnavailableException($"revoke {plan.Order.CaptureId}: {Unknown(plan.Order.Target.Cluster).Message}");

    public Task<SweepReport> SweepAsync(CancellationToken cancellationToken) => everywhere.RunAsync(
        [.. registry.Names.Select(name => Place(name, (site, token) => site.SweepAsync(token))), .. methods.Select(method => new SweepPlace(method.Name, method.SweepAsync))],
        SweepCap,
        cancellationToken);

    public Task<SweepReport> AuditAsync(CancellationToken cancellationToken) => everywhere.RunAsync(
        [.. registry.Names.Select(name => Place(name, (site, token) => site.AuditAsync(token))), .. methods.Select(method => new SweepPlace(method.Name, method.AuditAsync))],
        AuditCap,
        cancellationToken);

    private SweepPlace Place(string cluster, Func<ICaptureSite, CancellationToken, Task<SweepReport>> sweep) => new(cluster, token => sweep(registry.TryFind(cluster)!, token));

    private Task<StepResult<T>> StepAsync<T>(CapturePlan plan, Func<ICaptureSite, Task<StepResult<T>>> step)
        where T : class =>
        registry.TryFind(plan.Order.Target.Cluster) is { } site
            ? step(site)
            : Task.FromResult(StepResult.Fault<T>(Unknown(plan.Order.Target.Cluster)));

    // All reasons at once, as far as they can be told without the cluster. A name that is none is reported as that alone.
    private IReadOnlyList<CaptureFault> UnknownAmongOthers(string? cluster, IReadOnlyList<CaptureFault> faults) =>
        cluster is null || DnsNames.IsLabel(cluster) ? [Unknown(cluster), .. faults] : faults;

    private CaptureFault Unknown(string? cluster) => new(
        FaultCodes.ClusterUnknown,
        cluster is null ? "The order names no cluster, and there is no default one." : $"There is no cluster '{cluster}' in the configuration.",
        $"Choose one of: {string.Join(", ", registry.Names)}; or have it added under {ClusterRegistryOptions.Section}:{nameof(ClusterRegistryOptions.Clusters)}.",
        "target.cluster");
}
