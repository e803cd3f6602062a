using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>The pod to capture in, or the node to capture on.</summary>
/// <param name="Namespace">Kubernetes namespace; empty for a node by its name.</param>
/// <param name="Pod">Pod name; empty for a node by its name.</param>
/// <param name="Container">Container whose process namespace the tap joins; null joins none (the network is the pod's either way).</param>
/// <param name="Cluster">Name of the cluster in the configuration; null is the default cluster.</param>
/// <param name="Node">The node, when it is named instead of a pod.</param>
/// <param name="Method">One of <see cref="CaptureMethods.Asked"/>; null is the capture in the pod.</param>
/// <param name="Narrow">False keeps a node capture for a pod from being narrowed to that pod's addresses; null narrows it.</param>
public sealed record CaptureTarget(
    string Namespace, string Pod, string? Container = null, string? Cluster = null, string? Node = null, string? Method = null, bool? Narrow = null)
{
    /// <summary>The default cluster's name, where one is written. Orders are read with null in its place, so that it is one cluster for every rule.</summary>
    public const string DefaultCluster = "default";

    /// <summary>Whether a node is named and no pod.</summary>
    [JsonIgnore]
    public bool IsNode => Node is not null;

    /// <summary>Whether a node capture for it sees what everybody on the node sends, instead of one pod's traffic.</summary>
    [JsonIgnore]
    public bool SeesWholeNode => IsNode || Narrow == false;

    public override string ToString() => IsNode ? $"node {Node}" : $"{Namespace}/{Pod}";
}
