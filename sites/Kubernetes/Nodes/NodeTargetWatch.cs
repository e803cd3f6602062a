using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Whether the pod whose addresses a capture on a node is narrowed to is still there with them. An address that a pod gives up is soon another's, of
/// whatever namespace; so nothing is granted or begun, and no window goes on, for one that is not the planned pod's any more.
/// </summary>
internal sealed class NodeTargetWatch(ClusterConnection connection, ClusterCalls calls)
{
    /// <summary>Does a step for the pod that was planned, or says that it is not the same any more.</summary>
    public Task<StepResult<T>> WhileSameAsync<T>(CapturePlan plan, Func<Task<StepResult<T>>> step, CancellationToken cancellationToken)
        where T : class =>
        SiteEdge.FaultedAsync(async () => await FindChangeAsync(plan, cancellationToken) is { } change ? StepResult.Fault<T>(change) : await step());

    /// <summary>Has a tap finish, at once where the pod has changed; what it took is kept, and the change is said beside it.</summary>
    public async Task<StepResult<TapSummary>> FinishAsync(
        CapturePlan plan, bool stopNow, Func<bool, Task<StepResult<TapSummary>>> finish, CancellationToken cancellationToken)
    {
        var change = await TryFindChangeAsync(plan, cancellationToken);
        var result = await finish(stopNow || change is not null);
        return change is null ? result : result with { Faults = [change, .. result.Faults] };
    }

    private async Task<CaptureFault?> FindChangeAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        var target = plan.Order.Target;
        if (plan.Place is not { } place || target.SeesWholeNode)
        {
            return null;
        }

        var pod = await calls.TryFindAsync(
            "get pods", token => connection.Own.CoreV1.ReadNamespacedPodAsync(target.Pod, target.Namespace, cancellationToken: token), cancellationToken);
        var now = Describe(pod, plan, place);
        return now is null ? null : new(
            FaultCodes.TargetChanged,
            $"The pod {target} is not the one that was planned any more: {now}.",
            "Order again for the pod as it is now. What was captured until this was noticed is kept; since the change it may have been another pod's traffic.",
            "target.node",
            $"planned were uid {plan.PodUid} and the addresses {string.Join(", ", place.PodAddresses)}");
    }

    // A file that is there is worth having: whoever cannot look goes on.
    private async Task<CaptureFault?> TryFindChangeAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await FindChangeAsync(plan, cancellationToken);
        }
        catch (ClusterRefusalException)
        {
            return null;
        }
    }

    // Null while it is the same.
    private static string? Describe(V1Pod? pod, CapturePlan plan, NodePlace place) => pod switch
    {
        null => "it is gone",
        _ when pod.Metadata.Uid != plan.PodUid => $"another has its name, uid {pod.Metadata.Uid}",
        { Status.Phase: "Succeeded" or "Failed" } => $"it has ended ({pod.Status.Phase}), and gives its addresses up",
        _ when !NodeFaults.Addresses(pod).ToHashSet(StringComparer.Ordinal).SetEquals(place.PodAddresses) =>
            $"its addresses are {(NodeFaults.Addresses(pod) is { Count: > 0 } all ? string.Join(", ", all) : "gone")}",
        _ => null,
    };
}
