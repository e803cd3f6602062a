using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Chooses for an order that leaves the method open: in the pod, where nothing is against it; else on its node, where nothing is against that.</summary>
internal sealed class MethodChoice(Planning planning, AdmissionCheck admission, NodePlanning nodes)
{
    /// <summary>The order with its method, and why; or with none everything that is against both.</summary>
    public async Task<(CaptureOrder? Order, string Why, IReadOnlyList<CaptureFault> Faults)> ChooseAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var inPod = await planning.SurveyAsync(order, cancellationToken);
        var against = inPod.Faults;
        if (inPod is { Faults.Count: 0, Pod: { } pod, Draft: { } draft })
        {
            against = (await admission.LookAsync(pod, draft, cancellationToken)).Faults;
            if (against.Count == 0)
            {
                return (order with { Target = order.Target with { Method = CaptureMethods.Pod } }, "In the pod: the rights suffice, and there loopback is seen as well as the wire.", []);
            }
        }

        // A tap on the node joins no container.
        var there = order with { Target = order.Target with { Method = CaptureMethods.Node, Container = null } };
        var onNode = await nodes.SurveyAsync(there, cancellationToken);
        return onNode.Faults.Count == 0
            ? (there, $"On the node, because a capture in the pod is not possible: {string.Join(" ", against.Select(f => f.Detail is null ? f.Message : $"{f.Message} ({f.Detail})"))}", [])
            : (null, string.Empty, [.. against.Concat(onNode.Faults).DistinctBy(f => (f.Code, f.Message))]);
    }
}
