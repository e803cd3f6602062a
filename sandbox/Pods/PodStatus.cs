using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>Makes the status of a pod from what its worker knows.</summary>
internal static class PodStatus
{
    internal const string HostAddress = "10.244.0.1";

    internal static JsonObject Of(PodWorker pod, JsonObject? present)
    {
        var containers = pod.Containers.Where(container => !container.IsEphemeral).ToList();
        var ephemeral = pod.Containers.Where(container => container.IsEphemeral).ToList();
        var ready = containers.TrueForAll(container => container.IsReady);
        var status = new JsonObject
        {
            ["phase"] = Phase(pod, containers),
            ["qosClass"] = "BestEffort",
            ["conditions"] = new JsonArray(Conditions(pod, containers, ready, present)),
        };
        if (!pod.IsScheduled)
        {
            return status;
        }

        if (pod.Fault.Length > 0)
        {
            status["reason"] = "FailedCreatePodSandBox";
            status["message"] = pod.Fault;
        }

        if (pod.EndedReason.Length > 0)
        {
            status["phase"] = "Failed";
            status["reason"] = pod.EndedReason;
            status["message"] = "Pod was active on the node longer than the specified deadline";
        }

        status["hostIP"] = HostAddress;
        status["hostIPs"] = new JsonArray(new JsonObject { ["ip"] = HostAddress });
        status["startTime"] = pod.StartTime;
        if (pod.Address.Length > 0)
        {
            status["podIP"] = pod.Address;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = pod.Address });
        }

        status["containerStatuses"] = containers.Select(container => (JsonNode?)container.Status()).ToJsonArray();
        if (ephemeral.Count > 0)
        {
            status["ephemeralContainerStatuses"] = ephemeral.Select(container => (JsonNode?)container.Status()).ToJsonArray();
        }

        return status;
    }

    private static string Phase(PodWorker pod, List<ContainerWorker> containers)
    {
        if (!pod.IsScheduled || !containers.Exists(container => container.State.IsRunning || container.State.IsTerminated || container.HasRun))
        {
            return "Pending";
        }

        if (!containers.TrueForAll(container => container.State.IsTerminated) || pod.Restarts(false, 1) && pod.Restarts(false, 0))
        {
            return containers.Exists(container => container.State.Fields.Text("reason") is "ContainerCreating" or "ErrImagePull" or "ImagePullBackOff")
                ? "Pending"
                : "Running";
        }

        var failed = containers.Exists(container => container.State.Fields.Number("exitCode") != 0);
        return failed ? pod.Restarts(false, 1) ? "Running" : "Failed" : "Succeeded";
    }

    private static JsonNode[] Conditions(PodWorker pod, List<ContainerWorker> containers, bool ready, JsonObject? present)
    {
        if (!pod.IsScheduled)
        {
            return
            [
                Condition(pod, present, "PodScheduled", false, "Unschedulable",
                    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."),
            ];
        }

        var unready = containers.Where(container => !container.IsReady).Select(container => container.Name);
        var message = ready ? "" : $"containers with unready status: [{string.Join(' ', unready)}]";
        var reason = ready ? "" : "ContainersNotReady";
        return
        [
            Condition(pod, present, "PodScheduled", true),
            Condition(pod, present, "Initialized", true),
            Condition(pod, present, "ContainersReady", ready, reason, message),
            Condition(pod, present, "Ready", ready, reason, message),
        ];
    }

    private static JsonObject Condition(PodWorker pod, JsonObject? present, string type, bool holds, string reason = "", string message = "")
    {
        var word = holds ? "True" : "False";
        var before = present.Items("conditions").FirstOrDefault(condition => condition.Text("type") == type);
        var since = before.Text("status") == word ? before.Text("lastTransitionTime") : null;
        var made = new JsonObject { ["type"] = type, ["status"] = word, ["lastTransitionTime"] = since ?? pod.Now() };
        if (reason.Length > 0)
        {
            made["reason"] = reason;
            made["message"] = message;
        }

        return made;
    }
}
