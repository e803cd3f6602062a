using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>Fills in what a real server fills in, as far as clients read it.</summary>
internal static class PodDefaults
{
    internal const string NodeName = "sandbox-node";

    internal static void ApplyTo(JsonObject pod)
    {
        var spec = pod.Child("spec");
        spec["restartPolicy"] ??= "Always";
        spec["terminationGracePeriodSeconds"] ??= 30;
        spec["dnsPolicy"] ??= "ClusterFirst";
        spec["serviceAccountName"] ??= "default";
        spec["serviceAccount"] ??= spec.Text("serviceAccountName");
        spec["schedulerName"] ??= "default-scheduler";
        spec["enableServiceLinks"] ??= true;
        spec.Child("securityContext");
        if (spec.At("nodeSelector") is not JsonObject { Count: > 0 })
        {
            spec["nodeName"] ??= NodeName;
        }

        foreach (var container in spec.Items("containers"))
        {
            ApplyToContainer(container);
            container.Child("resources");
        }

        foreach (var container in spec.Items("ephemeralContainers"))
        {
            ApplyToContainer(container);
            container.Child("resources");
        }

        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = "BestEffort" };
    }

    /// <summary>Defaults of ephemeral containers that a patch brought in.</summary>
    internal static void ApplyToEphemeral(JsonObject pod)
    {
        foreach (var container in pod.Items("spec", "ephemeralContainers"))
        {
            ApplyToContainer(container);
            container.Child("resources");
        }
    }

    private static void ApplyToContainer(JsonObject container)
    {
        var image = container.Text("image") ?? "";
        var isLatest = image.EndsWith(":latest", StringComparison.Ordinal)
            || (!image.Contains('@', StringComparison.Ordinal) && image.LastIndexOf(':') <= image.LastIndexOf('/'));
        container["imagePullPolicy"] ??= isLatest ? "Always" : "IfNotPresent";
        container["terminationMessagePath"] ??= "/dev/termination-log";
        container["terminationMessagePolicy"] ??= "File";
    }
}
