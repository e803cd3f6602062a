namespace CaptureFlow.Orchestrations;

/// <summary>The external events of a capture. Raised instead of terminating the instance, which would skip the revoke.</summary>
public static class CaptureEvents
{
    /// <summary>End the window now and keep the file. Payload: <see cref="EndRequest"/>.</summary>
    public const string Stop = "Stop";

    /// <summary>End, revoke and discard. Payload: <see cref="EndRequest"/>.</summary>
    public const string Cancel = "Cancel";
}

/// <summary>Who asked a capture to end.</summary>
public sealed record EndRequest(string RequestedBy);
