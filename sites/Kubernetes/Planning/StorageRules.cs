using System.Globalization;
using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// The file is written in the pod, on the pod's own ephemeral storage: over the pod's limit the kubelet evicts it, application and all. Pure.
/// </summary>
internal static class StorageRules
{
    private const string Resource = "ephemeral-storage";

    /// <summary>Bytes at which the pod is evicted; null when it has no limit: the kubelet adds up what all containers are limited to.</summary>
    public static long? Limit(V1Pod pod)
    {
        var limits = pod.Spec.Containers
            .Select(c => c.Resources?.Limits is { } limits && limits.TryGetValue(Resource, out var limit) ? limit.ToDecimal() : (decimal?)null)
            .ToList();
        // A container without a limit leaves the pod as a whole without one.
        return limits.Count > 0 && limits.TrueForAll(limit => limit is not null) ? (long)Math.Min(limits.Sum()!.Value, long.MaxValue) : null;
    }

    public static CaptureFault? Check(V1Pod pod, CaptureOrder order) => Limit(pod) is { } limit && order.Window.ByteBound > limit
        ? new(
            FaultCodes.StorageOverLimit,
            $"The file may grow to {Quantity.Exact(order.Window.ByteBound)}, and the pod {order.Target} is evicted above {Quantity.Exact(limit)} of ephemeral storage.",
            string.Create(CultureInfo.InvariantCulture, $"Ask for at most {limit / 2} bytes (window.maxBytes), which leaves the application the other half."),
            "window.maxBytes")
        : null;
}
