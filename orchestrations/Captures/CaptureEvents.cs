namespace CaptureFlow.Orchestrations;

/// <summary>The external events of a capture. Raised instead of terminating the instance, which would skip the revoke.</summary>
public static class CaptureEvents
{
    /// <summary>End the window now and keep the file. Payload: <see cref="EndRequest"/>.</summary>
    public const string Stop = "Stop";

    /// <summary>End, revoke and discard. Payload: <see cref="EndRequest"/>.</summary>
    public const string Cancel = "Cancel";

    /// <summary>A second person's word on an order that waits for it. Payload: <see cref="ApprovalDecision"/>.</summary>
    public const string Decision = "Decision";

    /// <summary>From the ledger to a capture: let in, waiting, or refused. Payload: <see cref="AdmissionAnswer"/>.</summary>
    public const string Admission = "Admission";

    /// <summary>From a capture to its fleet: its tap listens, or never will. Payload: <see cref="ListeningNotice"/>.</summary>
    public const string Listening = "Listening";

    /// <summary>From a fleet to its captures: all listen, and the shared window ends then. Payload: <see cref="SharedWindow"/>.</summary>
    public const string WindowOpened = "WindowOpened";
}

/// <summary>Who asked a capture to end.</summary>
public sealed record EndRequest(string RequestedBy);

/// <summary>A capture's word to its fleet.</summary>
/// <param name="CaptureId">The capture.</param>
/// <param name="ListeningAt">UTC; null when its tap will never listen.</param>
public sealed record ListeningNotice(string CaptureId, DateTimeOffset? ListeningAt);

/// <summary>The time in which every tap of a fleet that could be started listens.</summary>
/// <param name="From">UTC.</param>
/// <param name="Until">UTC.</param>
public sealed record SharedWindow(DateTimeOffset From, DateTimeOffset Until);
