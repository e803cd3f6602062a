using CaptureFlow.Orchestrations;
using k8s;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Is the tap's image on the pod's node already? Only a hint: it says how long the start will take, and stops nothing.</summary>
internal sealed class ImageCheck(ClusterConnection connection, ClusterCalls calls)
{
    /// <summary>What lets CaptureFlow's own identity look; without it the check says that it does not know.</summary>
    public static readonly Right Need = new("get", "nodes", ClusterWide: true);

    private const string Name = "image";

    public async Task<PreflightLook> LookAsync(string node, string @namespace, string image, CancellationToken cancellationToken)
    {
        try
        {
            var found = await calls.AskAsync("get nodes", token => connection.Own.CoreV1.ReadNodeAsync(node, cancellationToken: token), cancellationToken);
            var names = (found.Status?.Images ?? []).SelectMany(i => i.Names ?? []);
            return names.Any(name => Same(name, image))
                ? new(new(Name, PreflightOutcome.Passed, $"{image} is on node {node}."))
                : new(new(
                    Name,
                    PreflightOutcome.Warned,
                    $"{image} is not among the images that node {node} lists (kubelets list the 50 largest): it may have to be pulled first.",
                    $"To have it there beforehand: kubectl -n {@namespace} run captureflow-pull --image={image} --restart=Never --overrides='{{\"spec\":{{\"nodeName\":\"{node}\"}}}}' --command -- true"));
        }
        catch (ClusterRefusalException e)
        {
            return new(new(
                Name,
                PreflightOutcome.Unknown,
                $"CaptureFlow's identity may not read node {node}, so it cannot tell whether {image} is there.",
                $"kubectl get node {node} -o jsonpath='{{.status.images[*].names}}'; or once: kubectl apply -k infra/kubernetes/preflight",
                e.Message));
        }
    }

    // Nodes write Docker Hub's names in full.
    private static bool Same(string listed, string image) => listed == image || listed == $"docker.io/{image}" || listed == $"docker.io/library/{image}";
}
