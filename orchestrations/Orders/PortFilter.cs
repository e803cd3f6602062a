namespace CaptureFlow.Orchestrations;

/// <summary>Names that stand in for a filter; the plan looks them up in the cluster. At least one is set.</summary>
/// <param name="Port">A container port of the pod, by its name or number.</param>
/// <param name="Service">A Service of the pod's namespace: its backends' ports in a backend, its own address and ports in any other pod.</param>
public sealed record PortFilter(string? Port, string? Service);
