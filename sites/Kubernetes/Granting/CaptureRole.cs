namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A fixed role that a capture's account is bound to, with the rules that it must have.</summary>
/// <param name="Name">Of the ClusterRole.</param>
/// <param name="Rights">Exactly its rules.</param>
/// <param name="Manifests">The folder that defines it.</param>
internal sealed record CaptureRole(string Name, IReadOnlyList<Right> Rights, string Manifests)
{
    public static readonly CaptureRole InPod = new(GrantMarks.Role, Right.OfCapture, "infra/kubernetes/base");

    public static readonly CaptureRole OnNode = new(GrantMarks.NodeRole, NodeRights.OfCapture, "infra/kubernetes/node");

    public static CaptureRole Of(Orchestrations.CapturePlan plan) => plan.Place is null ? InPod : OnNode;
}
