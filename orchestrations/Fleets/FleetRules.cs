namespace CaptureFlow.Orchestrations;

/// <summary>The rules that a fleet's order must meet before anybody is asked anything. Pure; reports every breach at once.</summary>
public static class FleetRules
{
    /// <summary>Kinds of workload, by the names that kubectl takes.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["deployment"] = "deployment", ["deployments"] = "deployment", ["deploy"] = "deployment",
        ["statefulset"] = "statefulset", ["statefulsets"] = "statefulset", ["sts"] = "statefulset",
        ["daemonset"] = "daemonset", ["daemonsets"] = "daemonset", ["ds"] = "daemonset",
        ["replicaset"] = "replicaset", ["replicasets"] = "replicaset", ["rs"] = "replicaset",
        ["job"] = "job", ["jobs"] = "job",
    };

    private const int LongestSelector = 1_000;

    public static IReadOnlyList<CaptureFault> Check(FleetOrder order, CapturePolicy policy)
    {
        // The rules of one pod's order, but that its namespace stands in a field of its own.
        List<CaptureFault> faults =
        [
            .. OrderRules.Check(order.For(new FleetMember("pod", order.CaptureId)), policy)
                .Select(fault => fault.Field == "target.pod" ? fault with { Field = "target.namespace" } : fault),
        ];
        if (order.Target.Workload is { } workload && TryReadWorkload(workload) is null)
        {
            faults.Add(new(
                FaultCodes.OrderInvalid,
                $"'{workload}' names no workload.",
                "Write KIND/NAME, the kind one of deployment, statefulset, daemonset, replicaset, job."
                    + (workload.Split('/') is [var space, var pod] && DnsNames.IsLabel(space) && DnsNames.IsSubdomain(pod)
                        ? $" If {space} is the namespace of a pod: captureflow capture -n {space} {pod}, or target.pod {space}/{pod}."
                        : ""),
                "target.workload"));
        }

        if (order.Target.Selector is { } selector && (selector.Length > LongestSelector || !LabelSelector.IsOne(selector)))
        {
            faults.Add(new(
                FaultCodes.OrderInvalid,
                $"'{selector}' is no label selector.",
                "Write it as for kubectl get pods -l, e.g. app=web,tier!=cache.",
                "target.selector"));
        }

        if (order.Target.MaxPods is { } most && (most < 1 || most > policy.MaxPods))
        {
            faults.Add(new(
                FaultCodes.TooManyPods,
                $"A cap of {most} pods is outside the 1 to {policy.MaxPods} that policy allows.",
                $"Ask for at most {policy.MaxPods}.",
                "target.maxPods"));
        }

        return faults;
    }

    /// <summary>Kind, in its long form, and name; null when the text names none.</summary>
    public static (string Kind, string Name)? TryReadWorkload(string text) =>
        text.Split('/') is [var kind, var name] && Kinds.TryGetValue(kind, out var known) && DnsNames.IsSubdomain(name) ? (known, name) : null;
}
