using System.ComponentModel.DataAnnotations;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Captures on nodes.</summary>
public sealed class NodeOptions
{
    public const string Section = "CaptureFlow:Nodes";

    /// <summary>
    /// The namespace of CaptureFlow's own where its pods on nodes are made. Nothing else should run there: its Pod Security level must be
    /// <c>privileged</c>, and a capture's account may make pods in it while the capture lasts.
    /// </summary>
    /// <value>captureflow-nodes, as infra/kubernetes/node makes it.</value>
    [Required]
    [RegularExpression("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    public string Namespace { get; set; } = "captureflow-nodes";

    /// <summary>What an order's method <c>node</c> stands for.</summary>
    /// <value>node-pod; or node-ssh, on GKE.</value>
    [AllowedValues(CaptureMethods.NodePod, CaptureMethods.NodeSsh)]
    public string Method { get; set; } = CaptureMethods.NodePod;
}
