using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Makes the tap's own pod on the node as the granted identity, and waits until it listens.</summary>
internal sealed class NodeTapping(
    ClusterCalls calls, CaptureTokens tokens, TapStart start, TapGone gone, IOptions<TapOptions> options, ILogger<NodeTapping> logger)
{
    /// <param name="plan">As <see cref="NodePodSpec.Inside"/> made it.</param>
    /// <param name="grant">In the pod's namespace.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<StepResult<Tap>> EnsureAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken)
    {
        using var granted = await tokens.OpenAsync(grant, cancellationToken);
        if (await EnsurePodAsync(granted, plan, NodePodSpec.Build(plan, grant, options.Value), cancellationToken) is { } fault)
        {
            return StepResult.Fault<Tap>(fault);
        }

        var tap = await start.WaitAsync(granted, plan, cancellationToken);
        if (tap.Succeeded)
        {
            logger.ListeningOn(plan.Order.CaptureId, plan.Node);
        }

        return tap;
    }

    /// <summary>Has the server try the pod without making it, as whoever <paramref name="client"/> is; null when it would be made.</summary>
    /// <param name="client">Asks.</param>
    /// <param name="plan">As <see cref="NodePodSpec.Inside"/> made it.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async Task<CaptureFault?> TryCreateAsync(IKubernetes client, CapturePlan plan, CancellationToken cancellationToken)
    {
        var target = plan.Order.Target;
        var grant = new Grant(target.Namespace, plan.Order.CaptureId, "", "", GrantMarks.NodeRole, plan.PlannedAt, plan.PlannedAt + plan.GrantLifetime);
        var wanted = NodePodSpec.Build(plan, grant, options.Value);
        try
        {
            await calls.AskAsync(
                "create pods", token => client.CoreV1.CreateNamespacedPodAsync(wanted, target.Namespace, dryRun: "All", cancellationToken: token), cancellationToken);
            return null;
        }
        catch (ClusterRefusalException refusal)
        {
            return Explain(refusal, target.Namespace);
        }
    }

    private async Task<CaptureFault?> EnsurePodAsync(IKubernetes granted, CapturePlan plan, V1Pod wanted, CancellationToken cancellationToken)
    {
        var target = plan.Order.Target;
        try
        {
            await calls.AskAsync(
                "create pods", token => granted.CoreV1.CreateNamespacedPodAsync(wanted, target.Namespace, cancellationToken: token), cancellationToken);
            return null;
        }
        catch (ClusterRefusalException refusal) when (refusal.IsAlreadyThere)
        {
            // An earlier run of this step made it, or somebody else something of the same name.
            return await gone.ReadAsync(granted, target, cancellationToken) is { } found && NodePodSpec.Same(wanted, found)
                ? null
                : new(
                    FaultCodes.NameTaken,
                    $"A pod named {target.Pod} exists in {target.Namespace} and is not what this capture makes.",
                    $"Look at it: kubectl -n {target.Namespace} get pod {target.Pod} -o yaml; delete it if it is nobody's, or order again.",
                    Detail: refusal.Message);
        }
        catch (ClusterRefusalException refusal)
        {
            return Explain(refusal, target.Namespace);
        }
    }

    private static CaptureFault Explain(ClusterRefusalException refusal, string @namespace) =>
        refusal.Words.Contains("violates PodSecurity", StringComparison.Ordinal)
            ? new(
                FaultCodes.AdmissionRefused,
                $"Pod Security of namespace '{@namespace}' refuses the tap's pod, which takes the node's network and NET_RAW.",
                $"kubectl label namespace {@namespace} pod-security.kubernetes.io/enforce=privileged --overwrite; it is CaptureFlow's own.",
                Detail: refusal.Message)
            : ClusterErrors.ToFault(refusal);
}
