using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What a pod must be to be captured in. Pure; reports every breach at once.</summary>
internal static class PodRules
{
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";

    /// <param name="pod">Null when there is none.</param>
    /// <param name="target">What was asked for.</param>
    /// <param name="onNode">Whether the capture leaves the pod itself alone.</param>
    public static IReadOnlyList<CaptureFault> Check(V1Pod? pod, CaptureTarget target, bool onNode = false)
    {
        if (pod is null)
        {
            return [new(FaultCodes.PodNotFound, $"There is no pod {target}.", $"kubectl -n {target.Namespace} get pods lists what there is.", "target.pod")];
        }

        List<CaptureFault> faults = [];
        if (pod.Metadata.DeletionTimestamp is not null || pod.Status?.Phase != "Running")
        {
            var state = pod.Metadata.DeletionTimestamp is not null ? "being deleted" : $"{pod.Status?.Phase}";
            faults.Add(new(
                FaultCodes.PodNotRunning,
                $"The pod {target} is not running: it is {state}.",
                "Capture in a running pod; kubectl describe pod says what this one waits for.",
                "target.pod",
                pod.Status?.Message));
        }

        if (!onNode && pod.Metadata.Annotations?.ContainsKey(MirrorAnnotation) == true)
        {
            faults.Add(new(
                FaultCodes.OrderInvalid,
                $"The pod {target} is a static pod of its node; Kubernetes allows no ephemeral container there.",
                "Capture on the other end of its traffic, or on its node (\"method\": \"node\").",
                "target.pod"));
        }

        if (!onNode && target.Container is { } container && !pod.Spec.Containers.Any(c => c.Name == container))
        {
            faults.Add(new(
                FaultCodes.ContainerNotFound,
                $"The pod {target} has no container '{container}'.",
                $"Choose one of: {string.Join(", ", pod.Spec.Containers.Select(c => c.Name))}; or leave it out.",
                "target.container"));
        }

        return faults;
    }
}
