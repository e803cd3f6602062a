namespace CaptureFlow.Functions.Alerts.Targeting;

/// <summary>What an alert points at: a pod, or the pods of a workload. Every part has been checked. Exactly one of the two is set.</summary>
internal sealed record AlertTarget(string Namespace, string? Pod, string? Workload, string? Cluster)
{
    /// <summary>The same for the same target, whichever binding points at it.</summary>
    public string Key => $"{Cluster}\n{Namespace}\n{(Pod is null ? Workload : $"pod/{Pod}")}";

    public override string ToString() => $"{Namespace}/{Pod ?? Workload}";
}
