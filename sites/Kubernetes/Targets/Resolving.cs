using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Finds the pods of a workload or selector. Changes nothing.</summary>
internal sealed class Resolving(
    ClusterConnection connection, ClusterCalls calls, AccessReviews reviews, AccountHome home, Workloads workloads, IOptions<CapturePolicy> policy)
{
    private static readonly Right ListPods = new("list", "pods");

    /// <summary>What CaptureFlow's own identity needs for it, beside <see cref="Workloads.Needs"/>.</summary>
    public static IReadOnlyList<Right> Needs => [ListPods];

    public async Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken)
    {
        var target = order.Target;
        List<CaptureFault> faults = [.. FleetRules.Check(order, policy.Value)];
        var workload = target.Workload is { } text ? FleetRules.TryReadWorkload(text) : null;
        if (faults.Exists(f => f.Field?.StartsWith("target.", StringComparison.Ordinal) == true))
        {
            return StepResult.Fault<FleetPlan>(faults);
        }

        // With those of the captures that it becomes, so that all is mended at once.
        IReadOnlyList<Right> needed = [ListPods, .. workload is { } w ? (Right[])[Workloads.RightFor(w.Kind)] : [], .. Right.OfCaptureFlow];
        var missing = await reviews.MissingAsync(connection.Own, target.Namespace, needed, cancellationToken);
        faults.AddRange(MissingRights.Faults(missing, target.Namespace, MissingRights.Pods));
        if (missing.Count > 0)
        {
            var accounts = await home.FindAsync(target.Namespace, cancellationToken);
            faults.AddRange(MissingRights.Faults(accounts.Missing, accounts.Namespace, MissingRights.Accounts));
        }

        if (missing.Count > 0)
        {
            return StepResult.Fault<FleetPlan>(faults);
        }

        var selector = target.Selector;
        if (workload is { } known)
        {
            selector = await workloads.TryReadSelectorAsync(known.Kind, known.Name, target.Namespace, cancellationToken) is { } read ? Workloads.Write(read) : null;
        }

        if (selector is null)
        {
            faults.Add(new(
                FaultCodes.WorkloadNotFound,
                $"There is no {target.Workload} in namespace '{target.Namespace}'.",
                $"kubectl -n {target.Namespace} get {workload?.Kind}s lists what there is.",
                "target.workload"));
            return StepResult.Fault<FleetPlan>(faults);
        }

        return Choose(order, selector, await ListAsync(target.Namespace, selector, cancellationToken), faults);
    }

    private async Task<IReadOnlyList<V1Pod>> ListAsync(string @namespace, string selector, CancellationToken cancellationToken)
    {
        // One page: far more pods match than any policy allows, and then it is refused.
        var pods = await calls.AskAsync(
            "list pods",
            token => connection.Own.CoreV1.ListNamespacedPodAsync(@namespace, labelSelector: selector, limit: 500, cancellationToken: token),
            cancellationToken);
        return [.. pods.Items];
    }

    private StepResult<FleetPlan> Choose(FleetOrder order, string selector, IReadOnlyList<V1Pod> pods, List<CaptureFault> faults)
    {
        var running = pods.Where(IsRunning).OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal).ToList();
        List<LeftOutPod> leftOut = [.. pods.Where(pod => !IsRunning(pod)).Select(pod => new LeftOutPod(pod.Metadata.Name, $"not running: {State(pod)}"))];
        if (running.Count == 0)
        {
            faults.Add(new(
                FaultCodes.NoPods,
                $"No running pod in namespace '{order.Target.Namespace}' matches {selector}.",
                $"kubectl -n {order.Target.Namespace} get pods -l '{selector}' shows what there is.",
                order.Target.Workload is null ? "target.selector" : "target.workload",
                leftOut.Count == 0 ? null : string.Join("; ", leftOut.Select(pod => $"{pod.Pod}: {pod.Reason}"))));
        }

        if (order.Target.MaxPods is null && running.Count > policy.Value.MaxPods)
        {
            faults.Add(new(
                FaultCodes.TooManyPods,
                $"{running.Count} running pods match {selector}, and policy allows {policy.Value.MaxPods} in one order.",
                $"Add \"maxPods\": {policy.Value.MaxPods} to the target to take the first of them by name, or narrow the selector.",
                "target.maxPods"));
        }

        if (faults.Count > 0)
        {
            return StepResult.Fault<FleetPlan>(faults);
        }

        var cap = order.Target.MaxPods ?? policy.Value.MaxPods;
        leftOut.AddRange(running.Skip(cap).Select(pod => new LeftOutPod(pod.Metadata.Name, $"beyond the cap of {cap} pods")));
        return StepResult.Of(new FleetPlan(
            [.. running.Take(cap).Select(pod => FleetMember.Of(order.CaptureId, order.RequestedAt, pod.Metadata.Name, pod.Metadata.Uid))],
            // Their number is said in full; the list itself must stay small.
            [.. leftOut.Take(CaptureCeilings.Pods)])
        {
            WholeNode = running.Take(cap).Any(pod => pod.Spec.HostNetwork == true),
            Nodes = running.Take(cap).GroupBy(pod => pod.Spec.NodeName ?? "").ToDictionary(node => node.Key, node => node.Count()),
        });
    }

    private static bool IsRunning(V1Pod pod) => pod.Metadata.DeletionTimestamp is null && pod.Status?.Phase == "Running";

    private static string State(V1Pod pod) => pod.Metadata.DeletionTimestamp is not null ? "being deleted" : pod.Status?.Phase ?? "unknown";
}
