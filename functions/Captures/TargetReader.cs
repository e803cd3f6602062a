using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>Reads the target of an order: one pod, or the pods of a workload or selector.</summary>
internal sealed class TargetReader(OrderFields fields)
{
    private const string Example = "\"target\": {\"pod\": \"NAMESPACE/POD\"}";

    /// <summary>Exactly one of the two is set; neither when it cannot be read.</summary>
    public (CaptureTarget? Pod, FleetTarget? Fleet) Read(JsonElement body)
    {
        if (!body.TryGetProperty("target", out var target) || target.ValueKind != JsonValueKind.Object)
        {
            fields.Fault("target", "The order has no target.", $"Add {Example}.");
            return (null, null);
        }

        fields.NameUnknown(target, "target.", "pod", "workload", "selector", "namespace", "container", "cluster", "maxPods");
        var pod = fields.ReadText(target, "pod", "target.pod");
        var workload = fields.ReadText(target, "workload", "target.workload");
        var selector = fields.ReadText(target, "selector", "target.selector");
        var @namespace = fields.ReadText(target, "namespace", "target.namespace");
        var container = fields.ReadText(target, "container", "target.container");
        var cluster = fields.ReadText(target, "cluster", "target.cluster");
        var maxPods = ReadMaxPods(target);
        switch (pod, workload, selector)
        {
            case ({ } name, null, null):
                return (ReadPod(name, @namespace, container, cluster, target), null);
            case (null, { }, null) or (null, null, { }) when @namespace is not null:
                return (null, new FleetTarget(@namespace, workload, selector, container, maxPods, cluster));
            case (null, { }, null) or (null, null, { }):
                fields.Fault("target.namespace", "The target has no namespace.", "Add \"namespace\": \"…\" beside it.");
                return (null, null);
            default:
                fields.Fault(
                    "target.pod",
                    pod is null && workload is null && selector is null ? "The target names no pod." : "The target names more than one of pod, workload and selector.",
                    $"Write {Example}; or with \"namespace\" one of \"workload\": \"deployment/NAME\" and \"selector\": \"app=NAME\".");
                return (null, null);
        }
    }

    private CaptureTarget? ReadPod(string pod, string? @namespace, string? container, string? cluster, JsonElement target)
    {
        if (OrderFields.TryGet(target, "maxPods", out _))
        {
            fields.Fault("target.maxPods", "A single pod takes no cap.", "Leave it out, or name a workload or selector.");
        }

        string[] parts = @namespace is null ? pod.Split('/') : [@namespace, pod];
        if (parts.Length == 2)
        {
            return new CaptureTarget(parts[0], parts[1], container, cluster);
        }

        fields.Fault("target.pod", "The target names no pod.", "Write \"pod\": \"NAMESPACE/POD\".");
        return null;
    }

    private int? ReadMaxPods(JsonElement target)
    {
        if (!OrderFields.TryGet(target, "maxPods", out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var pods))
        {
            return pods;
        }

        fields.Fault("target.maxPods", "The cap is no whole number.", "Write e.g. 5, or leave it out.");
        return null;
    }
}
