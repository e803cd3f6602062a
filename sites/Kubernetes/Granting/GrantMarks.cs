using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>How what CaptureFlow makes is told from everything else, by labels and annotations alone.</summary>
internal static class GrantMarks
{
    /// <summary>The one role that the account of a capture in a pod is ever bound to; infra/kubernetes defines it.</summary>
    public const string Role = "captureflow-capture";

    /// <summary>The same for a capture on a node.</summary>
    public const string NodeRole = "captureflow-node-capture";

    public const string RbacGroup = "rbac.authorization.k8s.io";
    public const string ManagedByLabel = "app.kubernetes.io/managed-by";
    public const string ManagedBy = "captureflow";
    public const string CaptureIdLabel = "captureflow.io/capture-id";
    public const string ExpiresAtAnnotation = "captureflow.io/expires-at";
    public const string RequestedByAnnotation = "captureflow.io/requested-by";
    public const string ReasonAnnotation = "captureflow.io/reason";
    public const string Selector = $"{ManagedByLabel}={ManagedBy}";

    public static V1ObjectMeta Of(CaptureOrder order, DateTimeOffset expiresAt)
    {
        var meta = new V1ObjectMeta
        {
            Name = order.CaptureId,
            NamespaceProperty = order.Target.Namespace,
            Labels = new Dictionary<string, string> { [ManagedByLabel] = ManagedBy, [CaptureIdLabel] = order.CaptureId },
            Annotations = new Dictionary<string, string>
            {
                [ExpiresAtAnnotation] = Rfc3339.Write(expiresAt),
                [RequestedByAnnotation] = Clean(order.RequestedBy),
            },
        };
        if (order.Reason is { } reason)
        {
            meta.Annotations[ReasonAnnotation] = Clean(reason);
        }

        return meta;
    }

    /// <summary>Whether an object is this capture's own.</summary>
    public static bool IsOf(V1ObjectMeta meta, string captureId) =>
        meta.Labels is { } labels
        && labels.TryGetValue(ManagedByLabel, out var by) && by == ManagedBy
        && labels.TryGetValue(CaptureIdLabel, out var id) && id == captureId;

    public static DateTimeOffset? ExpiresAt(V1ObjectMeta meta) =>
        meta.Annotations is { } annotations && annotations.TryGetValue(ExpiresAtAnnotation, out var text) ? Rfc3339.TryRead(text) : null;

    public static string RequestedBy(V1ObjectMeta meta) => Annotation(meta, RequestedByAnnotation) ?? "unknown";

    public static string? Reason(V1ObjectMeta meta) => Annotation(meta, ReasonAnnotation);

    private static string? Annotation(V1ObjectMeta meta, string name) => meta.Annotations is { } annotations && annotations.TryGetValue(name, out var text) ? Clean(text) : null;

    // Shown in terminals by kubectl: no control characters, and not without end.
    private static string Clean(string text) =>
        new([.. text.Where(c => !char.IsControl(c)).Take(CaptureCeilings.ReasonLength)]);
}
