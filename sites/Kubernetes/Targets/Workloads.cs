using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Reads the label selector of a workload.</summary>
internal sealed class Workloads(ClusterConnection connection, ClusterCalls calls)
{
    private static readonly string[] Kinds = ["deployment", "statefulset", "daemonset", "replicaset", "job"];

    /// <summary>What CaptureFlow's own identity needs for it, whatever the kind.</summary>
    public static IReadOnlyList<Right> Needs => [.. Kinds.Select(RightFor)];

    /// <summary>The right that reading one of this kind needs.</summary>
    public static Right RightFor(string kind) => new("get", kind + "s", Group: kind == "job" ? "batch" : "apps");

    /// <summary>Its selector; null when there is no such workload.</summary>
    public async Task<V1LabelSelector?> TryReadSelectorAsync(string kind, string name, string @namespace, CancellationToken cancellationToken)
    {
        var (apps, batch) = (connection.Own.AppsV1, connection.Own.BatchV1);
        return kind switch
        {
            "deployment" => (await FindAsync(t => apps.ReadNamespacedDeploymentAsync(name, @namespace, cancellationToken: t)))?.Spec.Selector,
            "statefulset" => (await FindAsync(t => apps.ReadNamespacedStatefulSetAsync(name, @namespace, cancellationToken: t)))?.Spec.Selector,
            "daemonset" => (await FindAsync(t => apps.ReadNamespacedDaemonSetAsync(name, @namespace, cancellationToken: t)))?.Spec.Selector,
            "replicaset" => (await FindAsync(t => apps.ReadNamespacedReplicaSetAsync(name, @namespace, cancellationToken: t)))?.Spec.Selector,
            _ => (await FindAsync(t => batch.ReadNamespacedJobAsync(name, @namespace, cancellationToken: t)))?.Spec.Selector,
        };

        Task<T?> FindAsync<T>(Func<CancellationToken, Task<T>> read)
            where T : class => calls.TryFindAsync($"get {kind}s", read, cancellationToken);
    }

    /// <summary>As kubectl writes it after <c>-l</c>.</summary>
    public static string Write(V1LabelSelector selector) => string.Join(",", (selector.MatchLabels ?? new Dictionary<string, string>()).Select(l => $"{l.Key}={l.Value}")
        .Concat((selector.MatchExpressions ?? []).Select(e => e.OperatorProperty switch
        {
            "In" => $"{e.Key} in ({string.Join(",", e.Values)})",
            "NotIn" => $"{e.Key} notin ({string.Join(",", e.Values)})",
            "Exists" => e.Key,
            _ => $"!{e.Key}",
        })));
}
