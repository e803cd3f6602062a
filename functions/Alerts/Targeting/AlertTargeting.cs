using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Alerts.Targeting;

/// <summary>Lets labels choose the target, within what the binding allows. A value that is no name is no target; nothing is ever made of it.</summary>
internal static class AlertTargeting
{
    /// <summary>The target, or why there is none.</summary>
    public static (AlertTarget? Target, string? Why) Find(AlertTargetOptions options, IReadOnlyDictionary<string, string> labels)
    {
        var cluster = options.Cluster == CaptureTarget.DefaultCluster ? null : options.Cluster;
        var space = options.Namespace ?? labels.GetValueOrDefault(options.NamespaceLabel!);
        if (!DnsNames.IsLabel(space))
        {
            return (null, IgnoredAlert.NoTarget);
        }

        if (options.Namespace is null && !options.Namespaces.Contains(space!))
        {
            return (null, IgnoredAlert.NamespaceNotAllowed);
        }

        if ((options.Workload ?? Workload(options, labels)) is { } workload)
        {
            return (new(space!, null, workload, cluster), null);
        }

        var pod = options.PodLabel is { } label ? labels.GetValueOrDefault(label) : null;
        return DnsNames.IsSubdomain(pod) ? (new(space!, pod, null, cluster), null) : (null, IgnoredAlert.NoTarget);
    }

    private static string? Workload(AlertTargetOptions options, IReadOnlyDictionary<string, string> labels) => options.WorkloadLabels
        .OrderBy(choice => choice.Key, StringComparer.Ordinal)
        .Where(choice => DnsNames.IsSubdomain(labels.GetValueOrDefault(choice.Value)))
        .Select(choice => $"{FleetRules.Kinds[choice.Key]}/{labels[choice.Value]}")
        .FirstOrDefault();
}
