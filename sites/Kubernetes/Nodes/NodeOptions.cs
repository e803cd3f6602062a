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

    /// <summary>
    /// Whether the image's tcpdump changes its user when root runs it, as Debian, Ubuntu and Fedora build it. No option keeps it from that: at best it
    /// is told to become root again (<c>-Z root</c>), which takes SETUID and SETGID all the same. So with true the pod of <c>node-pod</c> gets these two
    /// beside NET_RAW, and nothing else. An image that needs it and does not have it ends as <c>tcpdump-changes-user</c>.
    /// </summary>
    /// <value>false: NET_RAW alone, which is enough for Alpine's tcpdump, the one of nicolaka/netshoot.</value>
    public bool TcpdumpChangesUser { get; set; }
}
