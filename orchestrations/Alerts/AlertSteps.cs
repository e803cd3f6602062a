namespace CaptureFlow.Orchestrations;

/// <summary>The names of the activity functions behind alerts.</summary>
public static class AlertSteps
{
    /// <summary>Starts the capture, once.</summary>
    public const string StartOrder = nameof(StartOrder);

    /// <summary>Tells whether it has begun, or was refused.</summary>
    public const string LookAtOrder = nameof(LookAtOrder);
}
