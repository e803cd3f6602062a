namespace CaptureFlow.Orchestrations;

/// <summary>What a capture is found by.</summary>
/// <param name="CaptureId">Its id.</param>
/// <param name="Cluster">The cluster's name; null for the default one.</param>
/// <param name="Namespace">Kubernetes namespace.</param>
/// <param name="Pod">Pod name.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="RequestedAt">When the order was accepted, UTC.</param>
/// <param name="Verdict">Null while there is none.</param>
public sealed record CaptureFacts(
    string CaptureId, string? Cluster, string Namespace, string Pod, string RequestedBy, DateTimeOffset RequestedAt, Verdict? Verdict)
{
    public static CaptureFacts Of(CaptureManifest manifest) => Of(manifest.Plan.Order, manifest.Evidence.Verdict);

    public static CaptureFacts Of(CaptureOrder order, Verdict? verdict) =>
        new(order.CaptureId, order.Target.Cluster, order.Target.Namespace, order.Target.Pod, order.RequestedBy, order.RequestedAt, verdict);
}
