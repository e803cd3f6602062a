using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The fault of rights that CaptureFlow's own identity lacks: one for each manifest that grants them, so that one command mends all. Pure.</summary>
internal static class MissingRights
{
    /// <summary>The manifests by their folders, as <c>kubectl apply -k</c> takes them.</summary>
    public const string Accounts = "infra/kubernetes/base", Pods = "infra/kubernetes/all-namespaces", OnNodes = "infra/kubernetes/node";

    /// <summary>None without rights.</summary>
    public static IReadOnlyList<CaptureFault> Faults(IReadOnlyList<Right> rights, string @namespace, string manifests, string field = "target.pod")
    {
        if (rights is [])
        {
            return [];
        }

        var inNamespace = rights.Where(right => !right.ClusterWide).ToList();
        var inCluster = rights.Where(right => right.ClusterWide).ToList();
        var message = (inNamespace, inCluster) switch
        {
            (_, []) => $"{Listed(inNamespace)} in namespace '{@namespace}'",
            ([], _) => $"{Listed(inCluster)} in the cluster as a whole",
            _ => $"{Listed(inNamespace)} in namespace '{@namespace}', nor {Listed(inCluster)} in the cluster as a whole",
        };
        var one = rights is [var only] ? only : null;
        return
        [
            new(
                FaultCodes.RightMissing,
                $"CaptureFlow's own identity may not {message}.",
                one is null
                    ? $"kubectl apply -k {manifests}; or make roles as the detail has them, and bind them to CaptureFlow's identity."
                    : $"kubectl apply -k {manifests}; or for this one: {one.Mend(@namespace)}, bound to CaptureFlow's identity.",
                field,
                Detail: one is null ? string.Join("; ", rights.Select(right => right.Mend(@namespace))) : null),
        ];
    }

    private static string Listed(List<Right> rights) => string.Join(", ", rights);
}
