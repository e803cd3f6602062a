namespace CaptureFlow.Orchestrations;

/// <summary>Input of <c>NotificationOrchestrator</c>.</summary>
/// <param name="CaptureId">The capture, or fleet, whose end is to be told.</param>
/// <param name="Turn">How often the orchestration has started over.</param>
/// <param name="Since">When it was first looked at, UTC; null in the first turn.</param>
public sealed record WatchedCapture(string CaptureId, int Turn = 0, DateTimeOffset? Since = null)
{
    /// <summary>The instance that tells of a capture's end; one for each capture.</summary>
    public static string InstanceIdOf(string captureId) => $"nt-{captureId}";
}

/// <summary>Output of <see cref="NotificationSteps.ReadEnding"/>.</summary>
/// <param name="Ending">Null while the capture goes on, and when there is none.</param>
/// <param name="Receivers">Who wants to hear of it, by their names in the configuration.</param>
/// <param name="Unknown">There is no such capture (any more).</param>
public sealed record EndingSeen(CaptureEnding? Ending, IReadOnlyList<string> Receivers, bool Unknown = false);

/// <summary>Input of <see cref="NotificationSteps.NotifyEnd"/>.</summary>
public sealed record Notification(string Receiver, CaptureEnding Ending);

/// <summary>Output of <see cref="NotificationSteps.NotifyEnd"/>.</summary>
/// <param name="Receiver">Its name in the configuration.</param>
/// <param name="Delivered">False when it was refused for good, or never answered in time.</param>
public sealed record Delivery(string Receiver, bool Delivered);

/// <summary>Output of <c>NotificationOrchestrator</c>.</summary>
public sealed record NotificationReport(IReadOnlyList<Delivery> Deliveries);
