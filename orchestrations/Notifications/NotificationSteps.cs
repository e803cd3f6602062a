namespace CaptureFlow.Orchestrations;

/// <summary>The names of the activity functions that tell people.</summary>
public static class NotificationSteps
{
    public const string ReadEnding = nameof(ReadEnding);

    /// <summary>At least once for each receiver; a receiver knows repetitions by the message's id.</summary>
    public const string NotifyEnd = nameof(NotifyEnd);
}
