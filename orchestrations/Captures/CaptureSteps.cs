namespace CaptureFlow.Orchestrations;

/// <summary>The names of the activity functions, one per step.</summary>
public static class CaptureSteps
{
    /// <summary>Of a fleet: finds the pods.</summary>
    public const string ResolveTarget = nameof(ResolveTarget);

    public const string PlanCapture = nameof(PlanCapture);

    /// <summary>A second person's word: no activity, an event raced against the deadline.</summary>
    public const string AwaitApproval = nameof(AwaitApproval);

    /// <summary>The line, where quotas are configured: no activity, the ledger's answers.</summary>
    public const string AwaitAdmission = nameof(AwaitAdmission);

    /// <summary>Within the former: hands the request to the ledger.</summary>
    public const string AskAdmission = nameof(AskAdmission);

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

    /// <summary>Only where the store was away when the rights were proven gone: adds the proof to the manifest.</summary>
    public const string AddProof = nameof(AddProof);
}
