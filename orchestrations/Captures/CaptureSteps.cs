namespace CaptureFlow.Orchestrations;

/// <summary>The names of the activity functions, one per step.</summary>
public static class CaptureSteps
{
    /// <summary>Of a fleet: finds the pods.</summary>
    public const string ResolveTarget = nameof(ResolveTarget);

    public const string PlanCapture = nameof(PlanCapture);
    public const string GrantPermission = nameof(GrantPermission);
    public const string AttachContainer = nameof(AttachContainer);

    /// <summary>The window itself: no activity, a durable timer raced against the events.</summary>
    public const string CaptureWindow = nameof(CaptureWindow);

    public const string ObserveCapture = nameof(ObserveCapture);
    public const string FinishCapture = nameof(FinishCapture);
    public const string RetrieveCapture = nameof(RetrieveCapture);
    public const string StoreCapture = nameof(StoreCapture);
    public const string DiscardCapture = nameof(DiscardCapture);
    public const string RevokePermission = nameof(RevokePermission);
}
