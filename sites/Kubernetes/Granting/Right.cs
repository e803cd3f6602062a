using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>One thing that RBAC can allow.</summary>
internal sealed record Right(string Verb, string Resource, string? Subresource = null, string Group = "", string? Name = null, bool ClusterWide = false)
{
    /// <summary>What a capture's own account may do, and needs: exactly the rules of the role that it is bound to.</summary>
    public static readonly IReadOnlyList<Right> OfCapture =
    [
        new("get", "pods"),
        new("patch", "pods", "ephemeralcontainers"),
        // From 1.35 on, an exec over WebSocket needs both.
        new("get", "pods", "exec"),
        new("create", "pods", "exec"),
        new("get", "pods", "log"),
    ];

    /// <summary>What CaptureFlow's own identity needs where captures' accounts live.</summary>
    public static readonly IReadOnlyList<Right> OfAccounts =
    [
        new("create", "serviceaccounts"),
        new("get", "serviceaccounts"),
        new("delete", "serviceaccounts"),
        new("create", "serviceaccounts", "token"),
    ];

    /// <summary>What CaptureFlow's own identity needs in the namespace of one capture; never a touch of a pod itself.</summary>
    public static readonly IReadOnlyList<Right> OfCaptureFlow =
    [
        new("get", "pods"),
        new("create", "rolebindings", Group: GrantMarks.RbacGroup),
        new("get", "rolebindings", Group: GrantMarks.RbacGroup),
        new("delete", "rolebindings", Group: GrantMarks.RbacGroup),
        new("bind", "clusterroles", Group: GrantMarks.RbacGroup, Name: GrantMarks.Role),
        new("create", "subjectaccessreviews", Group: "authorization.k8s.io", ClusterWide: true),
    ];

    public V1ResourceAttributes In(string @namespace) => new()
    {
        NamespaceProperty = ClusterWide ? null : @namespace,
        Verb = Verb,
        Group = Group,
        Resource = Resource,
        Subresource = Subresource,
        Name = Name,
    };

    /// <summary>As in a role, e.g. <c>create pods/exec</c>.</summary>
    public override string ToString() =>
        $"{Verb} {Resource}{(Group.Length > 0 ? "." + Group : "")}{(Subresource is null ? "" : "/" + Subresource)}{(Name is null ? "" : " " + Name)}";

    /// <summary>A line that makes a role of this one right.</summary>
    public string Mend(string @namespace)
    {
        var resource = Resource + (Group.Length > 0 ? "." + Group : "") + (Subresource is null ? "" : "/" + Subresource);
        var options = $"--verb={Verb} --resource={resource}{(Name is null ? "" : " --resource-name=" + Name)}";
        var name = $"captureflow-{Verb}-{Resource}{(Subresource is null ? "" : "-" + Subresource)}";
        return ClusterWide
            ? $"kubectl create clusterrole {name} {options}"
            : $"kubectl -n {@namespace} create role {name} {options}";
    }
}
