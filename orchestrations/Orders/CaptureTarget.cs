namespace CaptureFlow.Orchestrations;

/// <summary>The pod to capture in.</summary>
/// <param name="Namespace">Kubernetes namespace.</param>
/// <param name="Pod">Pod name.</param>
/// <param name="Container">Container whose process namespace the tap joins; null joins none (the network is the pod's either way).</param>
public sealed record CaptureTarget(string Namespace, string Pod, string? Container = null)
{
    public override string ToString() => $"{Namespace}/{Pod}";
}
