using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What a node must be to be captured on, and a pod to be looked for there. Pure; reports every breach at once.</summary>
internal static class NodeFaults
{
    public static IReadOnlyList<CaptureFault> OfNode(V1Node? node, string name)
    {
        if (node is null)
        {
            return [new(FaultCodes.NodeNotFound, $"There is no node '{name}'.", "kubectl get nodes lists what there is.", "target.node")];
        }

        List<CaptureFault> faults = [];
        var ready = node.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready");
        if (ready?.Status != "True")
        {
            faults.Add(new(
                FaultCodes.NodeUnsuitable,
                $"The node '{name}' is not ready: nothing can be started on it.",
                $"kubectl describe node {name} says why; capture on another node of the traffic's way.",
                "target.node",
                ready is null ? null : $"{ready.Reason}: {ready.Message}"));
        }

        if (node.Status?.NodeInfo?.OperatingSystem is { Length: > 0 } system && system != "linux")
        {
            faults.Add(new(
                FaultCodes.NodeUnsuitable, $"The node '{name}' runs {system}: tcpdump needs Linux.", "Capture on the Linux node at the other end of the traffic.", "target.node"));
        }

        return faults;
    }

    /// <summary>Why this pod's traffic can't be told from the rest of its node's; null when it can.</summary>
    public static CaptureFault? OfNarrowing(V1Pod pod, CaptureTarget target) => pod.Spec.HostNetwork == true
        ? new(
            FaultCodes.OrderInvalid,
            $"The pod {target} uses its node's network: its address is the node's, and narrowing to it would be narrowing to nothing.",
            "Capture at the other end of the traffic, in a pod with a network of its own; or, where policy allows to see the whole node, add \"narrow\": false, and a filter for its ports.",
            "target.node.narrow")
        : Addresses(pod).Count == 0 && pod.Status?.Phase == "Running"
            ? new(FaultCodes.PodNotRunning, $"The pod {target} has no address yet.", "Order again in a moment.", "target.pod")
            : Addresses(pod).FirstOrDefault(address => !NodeFilter.IsAddress(address)) is { } unreadable
                ? new(
                    FaultCodes.PodNotRunning,
                    $"The pod {target} has an address that cannot be read, so that its traffic cannot be told from the rest of its node's.",
                    $"kubectl -n {target.Namespace} get pod {target.Pod} -o wide shows its addresses; order again when all are IP addresses.",
                    "target.pod",
                    unreadable)
                : null;

    public static IReadOnlyList<string> Addresses(V1Pod? pod) =>
        pod?.Status?.PodIPs is { Count: > 0 } all ? [.. all.Select(ip => ip.Ip)] : pod?.Status?.PodIP is { Length: > 0 } one ? [one] : [];

    public static IReadOnlyList<string> Addresses(V1Node node) =>
        [.. (node.Status?.Addresses ?? []).Where(a => a.Type == "InternalIP").Select(a => a.Address)];
}
