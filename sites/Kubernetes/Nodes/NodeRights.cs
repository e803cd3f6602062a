namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What captures on nodes need, in the namespace of <see cref="NodeOptions"/> and nowhere else; infra/kubernetes/node grants it.</summary>
internal static class NodeRights
{
    /// <summary>What lets CaptureFlow find a node, its provider and its addresses.</summary>
    public static readonly Right GetNodes = new("get", "nodes", ClusterWide: true);

    /// <summary>Of a capture's own account: exactly the rules of <see cref="GrantMarks.NodeRole"/>.</summary>
    public static readonly IReadOnlyList<Right> OfCapture =
    [
        new("get", "pods"),
        new("create", "pods"),
        new("delete", "pods"),
        new("get", "pods", "exec"),
        new("create", "pods", "exec"),
        new("get", "pods", "log"),
    ];

    /// <summary>Of CaptureFlow's own identity: the same as for a capture in a pod, but for the role that it hands out.</summary>
    public static readonly IReadOnlyList<Right> OfCaptureFlow =
    [
        .. Right.OfCaptureFlow.Select(right => right.Verb == "bind" ? right with { Name = GrantMarks.NodeRole } : right),
        GetNodes,
    ];
}
