using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>How a tap is ended, as the capture's own account.</summary>
internal interface ITapEnding
{
    /// <summary>Whether there is still something to end.</summary>
    bool IsNeeded(V1Pod? pod, CapturePlan plan);

    /// <summary>Whether telling it now would change anything: one that is still being made hears nothing, one whose pod is being deleted ends with it.</summary>
    bool CanHear(V1Pod? pod, CapturePlan plan);

    /// <summary>Ends it; what goes wrong is logged, because the permission is taken back in any case.</summary>
    /// <param name="order">The capture.</param>
    /// <param name="accounts">The namespace of its account.</param>
    /// <param name="cancellationToken">Ends the trying.</param>
    Task TryEndAsync(CaptureOrder order, string accounts, CancellationToken cancellationToken);

    /// <summary>Waits until it has ended; false when it may still run.</summary>
    Task<bool> WaitEndedAsync(CaptureOrder order, TimeSpan cap, CancellationToken cancellationToken);
}
