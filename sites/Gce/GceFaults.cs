using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Gce;

/// <summary>The faults of captures over SSH, worded once.</summary>
internal static class GceFaults
{
    private const string Docs = "docs/node-captures-gke.md";

    public static CaptureFault NoInstance(string? providerId) => new(
        FaultCodes.NodeUnsupported,
        "The node is no instance of Compute Engine.",
        "Take the capture with another method; this one is for GKE.",
        "target.node",
        $"providerID: {providerId ?? "none"}");

    public static CaptureFault NoProject(string project) => new(
        FaultCodes.NodeUnsupported,
        $"Captures over SSH are not configured for the project {project}.",
        $"Add it to {GceOptions.Section}:{nameof(GceOptions.Projects)}, or choose another method.",
        "target.node");

    public static CaptureFault OsLogin(NodeInstance instance) => new(
        FaultCodes.NodeUnsupported,
        $"The instance {instance} uses OS Login, and would ignore the capture's key.",
        $"Run 'gcloud compute instances add-metadata {instance.Name} --project {instance.Project} --zone {instance.Zone} --metadata enable-oslogin=FALSE' where the organization allows it (constraints/compute.requireOsLogin), or choose another method; see {Docs}.",
        "target.node",
        "enable-oslogin=TRUE in the metadata of the instance or of its project");

    public static CaptureFault Denied(string what, string words) => new(
        FaultCodes.NodeRefused,
        $"Google does not allow CaptureFlow to {what}.",
        $"Grant its identity the role of {Docs}; a new grant may take minutes.",
        Detail: words);

    public static CaptureFault Failed(string what, string words) => new(
        FaultCodes.NodeRefused, $"Google refused to {what}.", "Its own words are in the detail.", Detail: words);

    public static CaptureFault LoginRefused(NodeInstance instance, string words) => new(
        FaultCodes.NodeRefused,
        $"The node {instance.Name} does not let the capture's key in.",
        "The guest agent must run on the node and take keys from its metadata; `gcloud compute ssh` must work there.",
        Detail: words);

    public static CaptureFault HostKey(NodeInstance instance, string words) => new(
        FaultCodes.HostKeyUntrusted,
        $"The host key of {instance.Name} is not one that is known of it.",
        $"Find out who answers. A node that publishes no keys needs enable-guest-attributes=TRUE before it starts, or its key in {GceOptions.Section}:{nameof(GceOptions.PinnedHostKeys)}.",
        Detail: words);

    public static CaptureFault HostKeyChanged(NodeInstance instance, string algorithm) => new(
        FaultCodes.HostKeyUntrusted,
        $"The host key that {instance.Name} publishes is not the one that it published first.",
        $"Find out who rewrote its guest attributes: pods may be able to. If the node itself was given new keys, remove {HostKeyMemory.Item} from the metadata of the instance.",
        Detail: $"another {algorithm} key than the one remembered in {HostKeyMemory.Item} of {instance}");

    public static CaptureFault NoToolbox(string words) => new(
        FaultCodes.ToolboxUnavailable,
        "The node's toolbox cannot be used.",
        "It comes with Container-Optimized OS; it needs a way to its image (gcr.io or a mirror in /etc/default/toolbox), and tcpdump in it.",
        Detail: words);

    public static CaptureFault ToolboxBusy(string words) => new(
        FaultCodes.ToolboxUnavailable,
        "Another capture is in the node's toolbox, which runs one at a time.",
        "Order again once that one has ended (captureflow list), capture in the pod, or set CaptureFlow:Quotas:PerNode:Concurrent to 1, and orders wait in line.",
        Detail: words);

    public static CaptureFault DiskFull(string words) => new(
        FaultCodes.NodeDiskFull,
        "The node's /tmp has no room for the file.",
        "Ask for less (window.maxBytes), or make room on the node; on Container-Optimized OS its /tmp is memory.",
        "window.maxBytes",
        words);

    public static CaptureFault Foreign(string words) => new(
        FaultCodes.NameTaken, "Somebody else's /tmp/captureflow is in the way on the node.", "Look at who made it, and remove it.", Detail: words);

    public static CaptureFault Gone() => new(
        FaultCodes.TapGone, "The tap on the node has ended, and its file is gone.", "Order again; a node that restarted loses its /tmp.");
}
