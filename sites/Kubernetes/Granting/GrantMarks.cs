using System.Globalization;
using System.Text;
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

    /// <summary>On an account outside of its binding's namespace: that namespace.</summary>
    public const string TargetNamespaceLabel = "captureflow.io/target-namespace";

    public const string ExpiresAtAnnotation = "captureflow.io/expires-at";
    public const string RequestedByAnnotation = "captureflow.io/requested-by";
    public const string ReasonAnnotation = "captureflow.io/reason";
    public const string ApprovedByAnnotation = "captureflow.io/approved-by";
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
                [RequestedByAnnotation] = Clean(Person(order.RequestedBy, order.RequesterId)),
            },
        };
        if (order.Reason is { } reason)
        {
            meta.Annotations[ReasonAnnotation] = Clean(reason);
        }

        if (order.Approval is { } approval)
        {
            meta.Annotations[ApprovedByAnnotation] = Clean(Person(approval.By, approval.ById));
        }

        return meta;
    }

    /// <summary>Of the account, which may live in another namespace than its binding.</summary>
    public static V1ObjectMeta OfAccount(CaptureOrder order, string @namespace, DateTimeOffset expiresAt)
    {
        var meta = Of(order, expiresAt);
        if (@namespace != order.Target.Namespace)
        {
            meta.NamespaceProperty = @namespace;
            meta.Labels[TargetNamespaceLabel] = order.Target.Namespace;
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

    /// <summary>The namespace of an account's binding; null where it is the account's own.</summary>
    public static string? TargetNamespace(V1ObjectMeta meta) => meta.Labels is { } labels && labels.TryGetValue(TargetNamespaceLabel, out var text) ? text : null;

    private static string? Annotation(V1ObjectMeta meta, string name) => meta.Annotations is { } annotations && annotations.TryGetValue(name, out var text) ? Clean(text) : null;

    // A name can be taken by somebody else; the id beside it stays its own.
    private static string Person(string name, string? id) => id is null || id == name ? name : $"{name} ({id})";

    // Shown in terminals by kubectl: nothing that moves the cursor or turns the writing around, no half characters, and not without end.
    private static string Clean(string text)
    {
        StringBuilder clean = new();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
                is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                && clean.Length + rune.Utf16SequenceLength <= CaptureCeilings.ReasonLength)
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }
}
