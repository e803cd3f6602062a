using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Alerts.Targeting;

/// <summary>Lets labels choose the target, within what the binding allows. A value that is no name is no target; nothing is ever made of it.</summary>
internal static class AlertTargeting
{
    /// <summary>The target; or why there is none, in a word and in a sentence.</summary>
    public static (AlertTarget? Target, string? Why, string? Detail) Find(AlertTargetOptions options, IReadOnlyDictionary<string, string> labels)
    {
        var cluster = options.Cluster == CaptureTarget.DefaultCluster ? null : options.Cluster;
        var space = options.Namespace ?? labels.GetValueOrDefault(options.NamespaceLabel!);
        if (!DnsNames.IsLabel(space))
        {
            return (null, IgnoredAlert.NoTarget, Lacks([options.NamespaceLabel!], labels, "namespace"));
        }

        if (options.Namespace is null && !options.Namespaces.Contains(space!))
        {
            return (null, IgnoredAlert.NamespaceNotAllowed, $"The binding does not list the namespace '{space}'.");
        }

        if ((options.Workload ?? Workload(options, labels)) is { } workload)
        {
            return (new(space!, null, workload, cluster), null, null);
        }

        var pod = options.PodLabel is { } label ? labels.GetValueOrDefault(label) : null;
        return DnsNames.IsSubdomain(pod)
            ? (new(space!, pod, null, cluster), null, null)
            : (null, IgnoredAlert.NoTarget, Lacks([.. options.WorkloadLabels.Values, .. new[] { options.PodLabel }.OfType<string>()], labels, "pod or workload"));
    }

    private static string? Workload(AlertTargetOptions options, IReadOnlyDictionary<string, string> labels) => options.WorkloadLabels
        .OrderBy(choice => choice.Key, StringComparer.Ordinal)
        .Where(choice => DnsNames.IsSubdomain(labels.GetValueOrDefault(choice.Value)))
        .Select(choice => $"{FleetRules.Kinds[choice.Key]}/{labels[choice.Value]}")
        .FirstOrDefault();

    private static string Lacks(IReadOnlyList<string> names, IReadOnlyDictionary<string, string> labels, string what) =>
        names.FirstOrDefault(name => labels.ContainsKey(name)) is { } present
            ? $"Label '{present}' is '{Echo.Of(labels[present])}', which is not a valid name of a {what}."
            : $"There is no label {string.Join(" or ", names.Select(name => $"'{name}'"))} to name the {what}.";
}
