namespace CaptureFlow.Local.CommandLine;

/// <summary>The same traffic, captured in the pod and on its node at the same time.</summary>
/// <param name="InPod">What the file of the capture in the pod holds.</param>
/// <param name="InPodPath">That file.</param>
/// <param name="OnNode">What the file of the capture on the node holds.</param>
internal sealed record NodeComparison(SeenTraffic InPod, string InPodPath, SeenTraffic OnNode)
{
    /// <summary>Both saw the wire, encrypted; the pod alone saw its loopback, in the clear.</summary>
    public bool Holds => InPod.Holds && OnNode is { LoopbackPackets: 0, WireTls: > 0, WirePlaintext: 0 };
}
