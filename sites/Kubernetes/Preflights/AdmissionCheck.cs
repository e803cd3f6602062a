using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Would the API server take the tap's container into this pod? Asked with <c>dryRun=All</c> where CaptureFlow's own identity may patch;
/// where it may not, as it should be in production, the namespace's Pod Security label is read instead, if it may be.
/// </summary>
internal sealed class AdmissionCheck(ClusterConnection connection, ClusterCalls calls, AccessReviews reviews, Tapping tapping, NodeTapping nodeTapping)
{
    /// <summary>What lets CaptureFlow's own identity look; without it the check says that it does not know.</summary>
    public static readonly Right Need = new("get", "namespaces", ClusterWide: true);

    private const string Name = "admission";
    private const string EnforceLabel = "pod-security.kubernetes.io/enforce";
    private static readonly Right Patch = new("patch", "pods", "ephemeralcontainers");
    private static readonly Right Create = new("create", "pods");

    // Neither level allows the capability to read packets (NET_RAW).
    private static readonly string[] RefusingLevels = ["baseline", "restricted"];

    public async Task<PreflightLook> LookAsync(V1Pod pod, CapturePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var missing = await reviews.MissingAsync(connection.Own, plan.Order.Target.Namespace, [Patch], cancellationToken);
            return missing.Count == 0 ? await TryPatchAsync(plan, cancellationToken) : await ReadLabelAsync(pod, cancellationToken);
        }
        catch (ClusterRefusalException e)
        {
            return Unknown(pod, e.Message);
        }
    }

    /// <summary>The same for a pod of CaptureFlow's own on a node: its namespace must be exempt, for host network and NET_RAW both offend.</summary>
    /// <param name="plan">Of a capture on a node.</param>
    /// <param name="namespace">Of these pods.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async Task<PreflightLook> LookAsync(CapturePlan plan, string @namespace, CancellationToken cancellationToken)
    {
        try
        {
            if ((await reviews.MissingAsync(connection.Own, @namespace, [Create], cancellationToken)).Count == 0)
            {
                return await nodeTapping.TryCreateAsync(connection.Own, NodePodSpec.Inside(plan, @namespace), cancellationToken) is { } fault
                    ? PreflightLook.Refused(Name, fault)
                    : new(new(Name, PreflightOutcome.Passed, "The API server, asked with dryRun=All, takes the tap's pod: no admission policy refuses it."));
            }

            var level = await LevelAsync(@namespace, cancellationToken);
            return RefusingLevels.Contains(level)
                ? PreflightLook.Refused(Name, new(
                    FaultCodes.AdmissionRefused,
                    $"Pod Security \"{level}\", enforced in namespace '{@namespace}', allows neither the node's network nor NET_RAW, which a capture on a node takes.",
                    $"kubectl label namespace {@namespace} {EnforceLabel}=privileged --overwrite; it is CaptureFlow's own, and nothing else should run there."))
                : new(new(
                    Name,
                    PreflightOutcome.Unknown,
                    $"Pod Security of namespace '{@namespace}' ({level ?? "no level enforced"}) allows the node's network and NET_RAW. Admission policies and webhooks were not asked: "
                    + "CaptureFlow's own identity may not create pods, and a dry run makes no grant.",
                    "As somebody who may: captureflow plan with your own kubeconfig."));
        }
        catch (ClusterRefusalException e)
        {
            return new(new(
                Name,
                PreflightOutcome.Unknown,
                $"CaptureFlow's own identity may not read the Pod Security label of namespace '{@namespace}': it must be privileged, or not enforced.",
                $"kubectl get namespace {@namespace} --show-labels; or once: kubectl apply -k infra/kubernetes/preflight",
                e.Message));
        }
    }

    private async Task<string?> LevelAsync(string name, CancellationToken cancellationToken)
    {
        var space = await calls.AskAsync("get namespaces", token => connection.Own.CoreV1.ReadNamespaceAsync(name, cancellationToken: token), cancellationToken);
        return space.Metadata.Labels is { } labels && labels.TryGetValue(EnforceLabel, out var value) ? value : null;
    }

    private async Task<PreflightLook> TryPatchAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        await tapping.TryPatchAsync(connection.Own, plan, cancellationToken) is { } fault
            ? PreflightLook.Refused(Name, fault)
            : new(new(Name, PreflightOutcome.Passed, "The API server, asked with dryRun=All, takes the container: no admission policy refuses it."));

    private async Task<PreflightLook> ReadLabelAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        var name = pod.Metadata.NamespaceProperty;
        var level = await LevelAsync(name, cancellationToken);
        return RefusingLevels.Contains(level)
            ? PreflightLook.Refused(Name, new(
                FaultCodes.AdmissionRefused,
                $"Pod Security \"{level}\", enforced in namespace '{name}', does not allow the capability NET_RAW that reading packets takes.",
                $"kubectl label namespace {name} {EnforceLabel}=privileged --overwrite for the time of the capture; or capture on the node (\"method\": \"node\")."))
            : new(new(
                Name,
                PreflightOutcome.Unknown,
                $"Pod Security of namespace '{name}' ({level ?? "no level enforced"}) allows it. Admission policies and webhooks were not asked: CaptureFlow's own identity may not patch pods, and a dry run makes no grant.",
                "As somebody who may: captureflow plan with your own kubeconfig."));
    }

    private static PreflightLook Unknown(V1Pod pod, string words) => new(new(
        Name,
        PreflightOutcome.Unknown,
        "Not asked: CaptureFlow's own identity may neither patch pods nor read the namespace's Pod Security label.",
        $"kubectl get namespace {pod.Metadata.NamespaceProperty} --show-labels; or once: kubectl apply -k infra/kubernetes/preflight",
        words));
}
