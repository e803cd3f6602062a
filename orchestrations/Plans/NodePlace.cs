namespace CaptureFlow.Orchestrations;

/// <summary>The node that a node capture is taken on.</summary>
/// <param name="Node">Its name in Kubernetes.</param>
/// <param name="ProviderId">What the cloud calls it, as in the node's spec, e.g. <c>gce://project/zone/instance</c>; null when it says none.</param>
/// <param name="Addresses">The node's own addresses (InternalIP), both families when it has both.</param>
/// <param name="PodAddresses">Addresses of the pod that is looked for, both families when it has both; empty for the whole node.</param>
public sealed record NodePlace(string Node, string? ProviderId, IReadOnlyList<string> Addresses, IReadOnlyList<string> PodAddresses);
