using System.Text.Json.Serialization;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Body of <c>POST /api/captures</c>.</summary>
internal sealed record CaptureRequest(RequestedTarget Target, RequestedWindow Window, RequestedFilter? Filter, string? Reason);

/// <summary>One of pod, workload, selector and node is set.</summary>
/// <param name="Namespace">Of all of them but the node, which has none.</param>
/// <param name="Pod">Pod name.</param>
/// <param name="Workload">E.g. <c>deployment/web</c>.</param>
/// <param name="Selector">E.g. <c>app=web</c>.</param>
/// <param name="Container">Null joins no container's process namespace.</param>
/// <param name="MaxPods">Null leaves it to policy.</param>
/// <param name="Node">A node by its name.</param>
/// <param name="Method">Null is the capture in the pod.</param>
internal sealed record RequestedTarget(string? Namespace, string? Pod, string? Workload = null, string? Selector = null, string? Container = null, int? MaxPods = null, string? Node = null, string? Method = null)
{
    public override string ToString() => Node is null ? $"{Namespace}/{Pod ?? Workload ?? Selector}" : $"node {Node}";
}

/// <param name="Duration">E.g. <c>30s</c>.</param>
/// <param name="SnapLength">Bytes of each packet, or <c>full</c>; null leaves it to the server.</param>
/// <param name="MaxBytes">Null leaves it to the server.</param>
/// <param name="MaxPackets">Null for no bound.</param>
internal sealed record RequestedWindow(
    string Duration,
    [property: JsonConverter(typeof(SnapLengthConverter))] SnapLength? SnapLength,
    long? MaxBytes,
    long? MaxPackets);

/// <param name="Expression">A pcap filter.</param>
/// <param name="Port">A container port by name or number.</param>
/// <param name="Service">A Service's name.</param>
internal sealed record RequestedFilter(string? Expression, string? Port, string? Service);
