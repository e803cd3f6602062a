using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>Reads the target of an order: one pod, the pods of a workload or selector, or a node.</summary>
internal sealed class TargetReader(OrderFields fields)
{
    private const string Example = "\"target\": {\"pod\": \"NAMESPACE/POD\"}";

    private const string NodeExample = "\"node\": {\"pod\": \"NAMESPACE/POD\"}";

    /// <summary>Exactly one of the two is set; neither when it cannot be read.</summary>
    public (CaptureTarget? Pod, FleetTarget? Fleet) Read(JsonElement body)
    {
        if (!body.TryGetProperty("target", out var target) || target.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("target", "The order has no target.", $"Add {Example}.");
            return (null, null);
        }

        fields.NameUnknown(target, "target.", "pod", "workload", "selector", "node", "method", "namespace", "container", "cluster", "maxPods");
        var pod = fields.ReadText(target, "pod", "target.pod");
        var workload = fields.ReadText(target, "workload", "target.workload");
        var selector = fields.ReadText(target, "selector", "target.selector");
        var @namespace = fields.ReadText(target, "namespace", "target.namespace");
        var container = fields.ReadText(target, "container", "target.container");
        var cluster = fields.ReadText(target, "cluster", "target.cluster") is var named && named == CaptureTarget.DefaultCluster ? null : named;
        var method = fields.ReadText(target, "method", "target.method");
        var maxPods = ReadMaxPods(target);
        if (OrderFields.TryGet(target, "node", out var node))
        {
            return (ReadNode(node, pod ?? workload ?? selector, container, cluster, method, target), null);
        }

        switch (pod, workload, selector)
        {
            case ({ } name, null, null):
                return (ReadPod(name, @namespace, container, cluster, method, target), null);
            case (null, { }, null) or (null, null, { }) when @namespace is not null:
                NoMethod(method);
                return (null, new FleetTarget(@namespace, workload, selector, container, maxPods, cluster));
            case (null, { }, null) or (null, null, { }):
                fields.Fault("target.namespace", "The target has no namespace.", "Add \"namespace\": \"…\" beside it.");
                return (null, null);
            default:
                fields.Fault(
                    "target.pod",
                    pod is null && workload is null && selector is null ? "The target names no pod." : "The target names more than one of pod, workload, selector and node.",
                    $"Write {Example}; or with \"namespace\" one of \"workload\": \"deployment/NAME\" and \"selector\": \"app=NAME\".");
                return (null, null);
        }
    }

    private CaptureTarget? ReadPod(string pod, string? @namespace, string? container, string? cluster, string? method, JsonElement target)
    {
        if (OrderFields.TryGet(target, "maxPods", out _))
        {
            fields.Fault("target.maxPods", "A single pod takes no cap.", "Leave it out, or name a workload or selector.");
        }

        string[] parts = @namespace is null ? pod.Split('/') : [@namespace, pod];
        if (parts.Length == 2)
        {
            return new CaptureTarget(parts[0], parts[1], container, cluster, Method: method);
        }

        fields.Fault("target.pod", "The target names no pod.", "Write \"pod\": \"NAMESPACE/POD\".");
        return null;
    }

    // A name; or an object with a name, or with a pod whose node is meant.
    private CaptureTarget? ReadNode(JsonElement node, string? other, string? container, string? cluster, string? method, JsonElement target)
    {
        if (other is not null)
        {
            fields.Fault("target.node", "The target names a node and something else.", $"Write {NodeExample}, or leave the node out.");
        }

        foreach (var unfit in (string[])["maxPods", "namespace"])
        {
            if (OrderFields.TryGet(target, unfit, out _))
            {
                fields.Fault($"target.{unfit}", $"A node takes no {unfit}.", $"Leave it out; a pod on the node is named by {NodeExample}.");
            }
        }

        if (node.ValueKind == JsonValueKind.String)
        {
            return new CaptureTarget(string.Empty, string.Empty, container, cluster, node.GetString(), method);
        }

        if (node.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("target.node", "The node is neither a name nor an object.", $"Write \"node\": \"NAME\", or {NodeExample}.");
            return null;
        }

        fields.NameUnknown(node, "target.node.", "name", "pod", "narrow");
        var (name, pod) = (fields.ReadText(node, "name", "target.node.name"), fields.ReadText(node, "pod", "target.node.pod"));
        var narrow = ReadNarrow(node);
        if (name is null == pod is null)
        {
            fields.Fault("target.node", "The node needs either its name or a pod on it.", $"Write \"node\": \"NAME\", or {NodeExample}.");
            return null;
        }

        if (name is not null)
        {
            if (narrow == true)
            {
                fields.Fault("target.node.narrow", "There is no pod to narrow the capture to.", $"Write {NodeExample}, or leave it out.");
            }

            return new CaptureTarget(string.Empty, string.Empty, container, cluster, name, method);
        }

        if (pod!.Split('/') is [var @namespace, var podName])
        {
            return new CaptureTarget(@namespace, podName, container, cluster, Method: method ?? CaptureMethods.Node, Narrow: narrow);
        }

        fields.Fault("target.node.pod", "The pod has no namespace.", $"Write {NodeExample}.");
        return null;
    }

    private bool? ReadNarrow(JsonElement node)
    {
        if (!OrderFields.TryGet(node, "narrow", out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        fields.Fault("target.node.narrow", "'narrow' is neither true nor false.", "Leave it out to see the pod's traffic alone; false sees the whole node's.");
        return null;
    }

    private void NoMethod(string? method)
    {
        if (method is not (null or CaptureMethods.Pod))
        {
            fields.Fault("target.method", "Several pods are captured in the pods.", "Leave the method out, or name one pod.");
        }
    }

    private int? ReadMaxPods(JsonElement target)
    {
        if (!OrderFields.TryGet(target, "maxPods", out var value))
        {
            return null;
        }

        if (OrderFields.TryGetWhole(value, out var pods) && pods is >= int.MinValue and <= int.MaxValue)
        {
            return (int)pods;
        }

        fields.Fault("target.maxPods", "The cap is no whole number.", "Write e.g. 5, or leave it out.");
        return null;
    }
}
