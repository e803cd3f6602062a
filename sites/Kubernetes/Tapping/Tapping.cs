using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Starts the tap as the granted identity, and waits until it listens.</summary>
internal sealed class Tapping(
    ClusterCalls calls, CaptureTokens tokens, TapStart start, TapGone gone, ClusterClock clock, IOptions<TapOptions> options, ILogger<Tapping> logger)
{
    private const string DryRun = "All";

    public async Task<StepResult<Tap>> EnsureAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken)
    {
        var target = plan.Order.Target;
        using var granted = await tokens.OpenAsync(grant, cancellationToken);
        var pod = await gone.ReadAsync(granted, target, cancellationToken);
        if (pod is null || pod.Metadata.Uid != plan.PodUid)
        {
            return StepResult.Fault<Tap>(TapGone.PodGone(target));
        }

        var wanted = TapSpec.Build(plan, grant, options.Value, clock.Now + options.Value.StartAllowance);
        var fault = TapStatus.Spec(pod, wanted.Name) is { } found
            ? Compare(wanted, found, target)
            : await PatchAsync(granted, plan, wanted, cancellationToken);
        if (fault is not null)
        {
            return StepResult.Fault<Tap>(fault);
        }

        var tap = await start.WaitAsync(granted, plan, cancellationToken);
        if (tap.Succeeded)
        {
            logger.Listening(plan.Order.CaptureId, target.Namespace, target.Pod);
        }

        return tap;
    }

    /// <summary>Has the server try the patch without doing it, as whoever <paramref name="client"/> is; null when it would go through.</summary>
    public Task<CaptureFault?> TryPatchAsync(IKubernetes client, CapturePlan plan, CancellationToken cancellationToken)
    {
        // Only its times go into the container.
        var grant = new Grant(plan.Order.Target.Namespace, plan.Order.CaptureId, "", "", GrantMarks.Role, plan.PlannedAt, plan.PlannedAt + plan.GrantLifetime);
        return PatchAsync(client, plan, TapSpec.Build(plan, grant, options.Value, plan.PlannedAt + options.Value.StartAllowance), cancellationToken, DryRun);
    }

    private async Task<CaptureFault?> PatchAsync(
        IKubernetes granted, CapturePlan plan, V1EphemeralContainer wanted, CancellationToken cancellationToken, string? dryRun = null)
    {
        var target = plan.Order.Target;
        // The uid makes the server refuse a pod that took the name between the look and the patch.
        var body = new V1Pod { Metadata = new() { Uid = plan.PodUid }, Spec = new() { EphemeralContainers = [wanted] } };
        var patch = new V1Patch(body, V1Patch.PatchType.StrategicMergePatch);
        try
        {
            await calls.AskAsync(
                "patch pods/ephemeralcontainers",
                token => granted.CoreV1.PatchNamespacedPodEphemeralcontainersAsync(patch, target.Pod, target.Namespace, dryRun, cancellationToken: token),
                cancellationToken);
            return null;
        }
        catch (ClusterRefusalException refusal)
        {
            return await ExplainAsync(granted, plan, wanted, refusal, cancellationToken);
        }
    }

    private async Task<CaptureFault?> ExplainAsync(
        IKubernetes granted, CapturePlan plan, V1EphemeralContainer wanted, ClusterRefusalException refusal, CancellationToken cancellationToken)
    {
        var pod = await gone.ReadAsync(granted, plan.Order.Target, cancellationToken);
        if (pod is null || pod.Metadata.Uid != plan.PodUid)
        {
            return TapGone.PodGone(plan.Order.Target);
        }

        // Two runs of this step can meet: the second finds what the first has made.
        if (refusal.Status is 409 or 422 && TapStatus.Spec(pod, wanted.Name) is { } found)
        {
            return Compare(wanted, found, plan.Order.Target);
        }

        return ClusterErrors.ToFault(refusal);
    }

    private static CaptureFault? Compare(V1EphemeralContainer wanted, V1EphemeralContainer found, CaptureTarget target) =>
        TapSpec.Same(wanted, found)
            ? null
            : new(
                FaultCodes.NameTaken,
                $"The pod {target} has another ephemeral container named {wanted.Name}.",
                "Order again; an ephemeral container can be neither changed nor removed.",
                "target.pod");
}
