namespace CaptureFlow.Orchestrations;

/// <summary>The ways to take packets, as <see cref="CapturePlan.Site"/> names them.</summary>
public static class CaptureMethods
{
    /// <summary>An ephemeral container in the pod.</summary>
    public const string Pod = "pod";

    /// <summary>A pod of CaptureFlow's own on the node, in the node's network. Any cluster.</summary>
    public const string NodePod = "node-pod";

    /// <summary>SSH to the node, through IAP or directly, and the CoreOS toolbox. GKE.</summary>
    public const string NodeSsh = "node-ssh";

    /// <summary>In an order: on the node, in the way that the configuration says.</summary>
    public const string Node = "node";

    /// <summary>In an order: in the pod where the rights suffice, else on its node.</summary>
    public const string Auto = "auto";

    /// <summary>What an order may ask for.</summary>
    public static readonly IReadOnlyList<string> Asked = [Pod, Node, Auto, NodePod, NodeSsh];
}
