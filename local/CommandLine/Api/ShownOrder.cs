using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>What was asked for, of one pod or of several, as the server shows it.</summary>
internal sealed record ShownOrder
{
    public ShownTarget? Target { get; init; }

    public CaptureWindow? Window { get; init; }

    public string? Filter { get; init; }

    public string? RequestedBy { get; init; }

    public string? Reason { get; init; }
}

/// <param name="Namespace">Null of a node.</param>
/// <param name="Pod">Null where the target is not one pod.</param>
/// <param name="Workload">E.g. <c>deployment/web</c>.</param>
/// <param name="Selector">E.g. <c>app=web</c>.</param>
/// <param name="Node">A node by its name.</param>
/// <param name="Cluster">Null is the default cluster.</param>
internal sealed record ShownTarget(string? Namespace, string? Pod, string? Workload, string? Selector, string? Node, string? Cluster)
{
    public override string ToString() =>
        (Node is null ? $"{Namespace}/{Pod ?? Workload ?? Selector}" : $"node {Node}")
        + (Cluster is null ? string.Empty : $" on {Cluster}");
}
