using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Alerts.Bindings;

/// <summary>What is wrong with a binding's target.</summary>
internal static class TargetRules
{
    public static void Check(AlertTargetOptions target, string path, List<string> problems)
    {
        if ((target.Namespace is null) == (target.NamespaceLabel is null))
        {
            problems.Add($"{path} has either Namespace or NamespaceLabel.");
        }

        if (target.NamespaceLabel is not null && target.Namespaces.Count == 0)
        {
            problems.Add($"{path}:Namespaces lists the namespaces that the label may name.");
        }

        foreach (var name in target.Namespaces.Append(target.Namespace).OfType<string>().Where(name => !DnsNames.IsLabel(name)))
        {
            problems.Add($"{path}: '{name}' is no namespace.");
        }

        var ways = (target.PodLabel is null ? 0 : 1) + (target.Workload is null ? 0 : 1) + (target.WorkloadLabels.Count > 0 ? 1 : 0);
        if (ways == 0 || (target.Workload is not null && ways > 1))
        {
            problems.Add($"{path} has Workload alone, or PodLabel, WorkloadLabels or both; with both an alert's workload comes first.");
        }

        if (target.Workload is { } workload && FleetRules.TryReadWorkload(workload) is null)
        {
            problems.Add($"{path}:Workload is KIND/NAME, e.g. deployment/web.");
        }

        foreach (var (kind, label) in target.WorkloadLabels)
        {
            if (!FleetRules.Kinds.ContainsKey(kind) || label.Length == 0)
            {
                problems.Add($"{path}:WorkloadLabels:{kind} names a label, and its kind is one of {string.Join(", ", FleetRules.Kinds.Values.Distinct())}.");
            }
        }

        if (target.Cluster is { } cluster && !DnsNames.IsLabel(cluster))
        {
            problems.Add($"{path}:Cluster is the name of a cluster of the configuration.");
        }
    }
}
