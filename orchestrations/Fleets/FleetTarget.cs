namespace CaptureFlow.Orchestrations;

/// <summary>Several pods at once: those of a workload, or those that a label selector matches. Exactly one of the two is set.</summary>
/// <param name="Namespace">Kubernetes namespace.</param>
/// <param name="Workload">Kind and name, e.g. <c>deployment/web</c>.</param>
/// <param name="Selector">A label selector, e.g. <c>app=web,tier!=cache</c>.</param>
/// <param name="Container">As in <see cref="CaptureTarget"/>.</param>
/// <param name="MaxPods">Take at most so many, by name; null takes all, and is refused when they are more than policy allows.</param>
/// <param name="Cluster">As in <see cref="CaptureTarget"/>.</param>
public sealed record FleetTarget(string Namespace, string? Workload, string? Selector, string? Container = null, int? MaxPods = null, string? Cluster = null)
{
    public override string ToString() => $"{Namespace}/{Workload ?? Selector}";
}
