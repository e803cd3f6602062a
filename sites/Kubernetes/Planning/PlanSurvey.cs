using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What planning found.</summary>
/// <param name="Pod">Null when it could not be read or found.</param>
/// <param name="Draft">The plan as it would be, also when something is against it; null without a pod.</param>
/// <param name="Missing">Rights that CaptureFlow's own identity lacks.</param>
/// <param name="Faults">Everything that is against it.</param>
/// <param name="Node">The node of a node capture; null when it could not be read or found, and for a capture in a pod.</param>
internal sealed record PlanSurvey(V1Pod? Pod, CapturePlan? Draft, IReadOnlyList<Right> Missing, IReadOnlyList<CaptureFault> Faults, V1Node? Node = null)
{
    /// <summary>Why no tcpdump has compiled the filter as it would be used; null when one has, or there is no filter.</summary>
    public string? FilterNotAsked { get; init; }
}
