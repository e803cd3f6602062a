using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// The captures of one cluster: every step from the grant on goes to the method that the plan names. Methods other than the pod's are
/// registered as <see cref="ICaptureMethod"/>, for a cluster's scope or for the process.
/// </summary>
internal sealed class ClusterSite(
    PodSite pods, NodePlanning nodes, NodePreflighting nodePreflights, MethodChoice choice, NodeTargetWatch watch, IEnumerable<ICaptureMethod> methods) : ICaptureSite
{
    public Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken) => pods.ResolveAsync(order, cancellationToken);

    public async Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        if (order.Target is { IsNode: false, Method: null or CaptureMethods.Pod })
        {
            return await pods.CheckAsync(order, cancellationToken);
        }

        try
        {
            return order.Target is { Method: CaptureMethods.Auto, IsNode: false }
                ? await CheckChosenAsync(order, cancellationToken)
                : await nodePreflights.CheckAsync(order, cancellationToken);
        }
        catch (ClusterRefusalException refusal)
        {
            return new(null, [], [ClusterErrors.ToFault(refusal)]);
        }
    }

    public Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken) => order.Target switch
    {
        { IsNode: false, Method: null or CaptureMethods.Pod } => pods.PlanAsync(order, cancellationToken),
        { IsNode: false, Method: CaptureMethods.Auto } => SiteEdge.FaultedAsync(() => PlanChosenAsync(order, cancellationToken)),
        _ => SiteEdge.FaultedAsync(() => nodes.PlanAsync(order, cancellationToken)),
    };

    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) => StepAsync(
        plan, () => pods.EnsureGrantAsync(plan, cancellationToken), method => watch.WhileSameAsync(plan, () => method.EnsureGrantAsync(plan, cancellationToken), cancellationToken));

    public Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) => StepAsync(
        plan, () => pods.EnsureTapAsync(plan, grant, cancellationToken), method => watch.WhileSameAsync(plan, () => method.EnsureTapAsync(plan, grant, cancellationToken), cancellationToken));

    public Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) => StepAsync(
        plan, () => pods.ObserveAsync(plan, grant, cancellationToken), method => watch.WhileSameAsync(plan, () => method.ObserveAsync(plan, grant, cancellationToken), cancellationToken));

    public Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken) => StepAsync(
        plan,
        () => pods.FinishAsync(plan, grant, stopNow, cancellationToken),
        method => watch.FinishAsync(plan, stopNow, now => method.FinishAsync(plan, grant, now, cancellationToken), cancellationToken));

    public Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken) =>
        plan.Site == CaptureMethods.Pod ? pods.ReadAsync(plan, grant, offset, sink, cancellationToken)
        : TryFind(plan) is { } method ? method.ReadAsync(plan, grant, offset, sink, cancellationToken)
        : Task.FromResult<CaptureFault?>(NotHere(plan.Site));

    public Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        plan.Site == CaptureMethods.Pod ? pods.EnsureRevokedAsync(plan, cancellationToken)
        : TryFind(plan) is { } method ? method.EnsureRevokedAsync(plan, cancellationToken)
        // The method may have been taken out of the configuration by mistake: worth repeating until it is back.
        : throw new StepUnavailableException($"revoke {plan.Order.CaptureId}: {NotHere(plan.Site).Message}");

    public async Task<SweepReport> SweepAsync(CancellationToken cancellationToken) =>
        await JoinAsync(await pods.SweepAsync(cancellationToken), method => method.SweepAsync(cancellationToken));

    public async Task<SweepReport> AuditAsync(CancellationToken cancellationToken) =>
        await JoinAsync(await pods.AuditAsync(cancellationToken), method => method.AuditAsync(cancellationToken));

    private async Task<SweepReport> JoinAsync(SweepReport inPods, Func<ICaptureMethod, Task<SweepReport>> sweep)
    {
        List<SweepReport> reports = [inPods];
        foreach (var method in methods.Where(method => method is not IProcessMethod))
        {
            reports.Add(await sweep(method));
        }

        return new(
            reports[0].At,
            [.. reports.SelectMany(r => r.Live)],
            [.. reports.SelectMany(r => r.Findings)],
            [.. reports.SelectMany(r => r.Faults)],
            reports[0].Clusters);
    }

    private Task<StepResult<T>> StepAsync<T>(CapturePlan plan, Func<Task<StepResult<T>>> inPod, Func<ICaptureMethod, Task<StepResult<T>>> otherwise)
        where T : class =>
        plan.Site == CaptureMethods.Pod ? inPod()
        : TryFind(plan) is { } method ? otherwise(method)
        : Task.FromResult(StepResult.Fault<T>(NotHere(plan.Site)));

    private async Task<StepResult<CapturePlan>> PlanChosenAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var (chosen, why, faults) = await choice.ChooseAsync(order, cancellationToken);
        if (chosen is null)
        {
            return StepResult.Fault<CapturePlan>(faults);
        }

        var planned = await PlanAsync(chosen, cancellationToken);
        return planned.Succeeded ? StepResult.Of(planned.Value with { Order = order, Choice = why }) : planned;
    }

    private async Task<Preflight> CheckChosenAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var (chosen, why, faults) = await choice.ChooseAsync(order, cancellationToken);
        if (chosen is null)
        {
            return new(null, [.. faults.Select(fault => new PreflightCheck(Preflighting.Subject(fault), PreflightOutcome.Refused, fault.Message, fault.Remedy, fault.Detail))], faults);
        }

        var found = await CheckAsync(chosen, cancellationToken);
        return found with
        {
            Plan = found.Plan is null ? null : found.Plan with { Order = order, Choice = why },
            Checks = [new("method", PreflightOutcome.Passed, why), .. found.Checks],
        };
    }

    private ICaptureMethod? TryFind(CapturePlan plan) => methods.FirstOrDefault(method => method.Name == plan.Site);

    /// <summary>The fault of a method that this build or host has not.</summary>
    public static CaptureFault NotHere(string method) => new(
        FaultCodes.MethodMissing,
        method == CaptureMethods.NodeSsh ? MissingMethods.GkeOverSsh : $"This host has no method '{method}'.",
        $"Order with method '{CaptureMethods.NodePod}', or use a build that has '{method}'.",
        "target.method");
}
