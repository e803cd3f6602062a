namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What captures on nodes need, in the namespace of <see cref="NodeOptions"/> and nowhere else; infra/kubernetes/node grants it.</summary>
internal static class NodeRights
{
    /// <summary>What lets CaptureFlow find a node, its provider and its addresses.</summary>
    public static readonly Right GetNodes = new("get", "nodes", ClusterWide: true);

    /// <summary>What lets CaptureFlow hand out the role of a capture on a node; without it there never was one.</summary>
    public static readonly Right BindRole = new("bind", "clusterroles", Group: GrantMarks.RbacGroup, Name: GrantMarks.NodeRole);

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
        .. Right.OfCaptureFlow.Select(right => right.Verb == "bind" ? BindRole : right),
        .. Right.OfAccounts,
        GetNodes,
    ];
}
