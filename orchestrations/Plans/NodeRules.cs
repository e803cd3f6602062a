namespace CaptureFlow.Orchestrations;

/// <summary>The rules for the method of an order and for the nodes that it reaches. Pure; reports every breach at once.</summary>
public static class NodeRules
{
    internal static IEnumerable<CaptureFault> Check(CaptureTarget target, CapturePolicy policy)
    {
        if (target.Node is { } node && !DnsNames.IsSubdomain(node))
        {
            yield return new(FaultCodes.OrderInvalid, $"'{node}' is no node name.", "Write it as kubectl get nodes prints it.", "target.node");
        }

        if (target.Method is { } method && !CaptureMethods.Asked.Contains(method))
        {
            yield return new(
                FaultCodes.OrderInvalid, $"There is no method '{method}'.", $"Choose one of: {string.Join(", ", CaptureMethods.Asked)}.", "target.method");
        }

        var onNode = target.IsNode || target.Method is not (null or CaptureMethods.Pod or CaptureMethods.Auto);
        if (onNode && target.Container is not null)
        {
            yield return new(
                FaultCodes.OrderInvalid, "A capture on a node joins no container.", "Leave the container out; the pod's addresses narrow the capture.", "target.container");
        }

        if (target is { IsNode: true, Method: CaptureMethods.Pod or CaptureMethods.Auto })
        {
            yield return new(
                FaultCodes.OrderInvalid, "A node by its name is captured on the node.", "Leave the method out, or write \"node\".", "target.method");
        }

        if (target.SeesWholeNode && !policy.AllowNodes)
        {
            yield return new(
                FaultCodes.NodeForbidden,
                "Policy allows no capture of a whole node: it sees everybody's traffic.",
                $"Name a pod, and let the capture be narrowed to it: {{\"node\": {{\"pod\": \"NAMESPACE/POD\"}}}}; or have {CapturePolicy.Section}:AllowNodes set.",
                "target.node");
        }
        else if (target.Node is { } named && CheckName(named, policy) is { } forbidden)
        {
            yield return forbidden;
        }
    }

    /// <summary>
    /// The rules for a capture in a pod that uses its node's network: those of a capture of that node, since it sees the same. What holds for the
    /// order's own target is checked elsewhere.
    /// </summary>
    /// <param name="order">Names the pod.</param>
    /// <param name="node">The pod's node; empty while it has none.</param>
    /// <param name="policy">The installation's.</param>
    public static IEnumerable<CaptureFault> CheckHostNetwork(CaptureOrder order, string node, CapturePolicy policy)
    {
        const string instead = "Capture at the other end of the traffic, in a pod with a network of its own";
        if (!policy.AllowNodes)
        {
            yield return new(
                FaultCodes.NodeForbidden,
                $"The pod {order.Target} uses its node's network: a capture in it sees everybody's traffic on the node, which policy does not allow.",
                $"{instead}; or have {CapturePolicy.Section}:AllowNodes set.",
                "target.pod");
        }
        else if (node.Length > 0 && CheckName(node, policy) is { } forbidden)
        {
            yield return forbidden with { Remedy = $"{instead}; or have the node added to {CapturePolicy.Section}:Nodes.", Field = "target.pod" };
        }

        if (OrderRules.KeepsPayloadOfANode(order.Window, policy) && !policy.HeaderOnlyNamespaces.Contains(order.Target.Namespace))
        {
            yield return OrderRules.NodesPayload();
        }
    }

    /// <summary>What policy says to seeing all of this node's traffic; null when it allows it.</summary>
    public static CaptureFault? CheckName(string node, CapturePolicy policy) => policy.Nodes.Count == 0 || policy.Nodes.Contains(node)
        ? null
        : new(
            FaultCodes.NodeForbidden,
            $"Policy allows no capture of all traffic of node '{node}'.",
            $"Choose one of: {string.Join(", ", policy.Nodes)}; or have the node added to {CapturePolicy.Section}:Nodes.",
            "target.node");
}
