namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Every right that the source uses, gathered from beside the code that uses it. infra/kubernetes grants exactly these: tests compare the
/// manifests with these lists, and walk everything that an API server knows to see that nothing else is granted.
/// </summary>
internal static class DeclaredRights
{
    /// <summary>Of CaptureFlow's own identity, where it may capture.</summary>
    public static readonly IReadOnlyList<Right> Own =
    [
        .. Right.OfCaptureFlow
            .Concat(Resolving.Needs)
            .Concat(Workloads.Needs)
            .Append(FilterNames.GetServices)
            .Concat(GrantSweep.Needs)
            .Concat(ContainerSweep.Needs)
            .Distinct(),
    ];

    /// <summary>Of CaptureFlow's own identity in the namespace of its own where captures' accounts live.</summary>
    public static readonly IReadOnlyList<Right> AtHome = [.. Right.OfAccounts, GrantSweep.NeedOfAccounts];

    /// <summary>Of CaptureFlow's own identity in the namespace of its own where pods on nodes are made; only captures on nodes need them.</summary>
    public static readonly IReadOnlyList<Right> OnNodes =
    [
        .. NodeRights.OfCaptureFlow
            .Concat(GrantSweep.Needs)
            .Append(GrantSweep.NeedOfAccounts)
            .Append(NodePodSweep.Need)
            .Distinct(),
    ];

    /// <summary>What a dry run can say more with; a capture needs none of it.</summary>
    public static readonly IReadOnlyList<Right> OfPreflight = [RoleCheck.Need, RoleCheck.NeedForNodes, AdmissionCheck.Need, ImageCheck.Need];
}
