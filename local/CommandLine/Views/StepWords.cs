using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The steps in a user's words, in the order in which they come.</summary>
internal static class StepWords
{
    private static readonly (string Step, string Word)[] Known =
    [
        (CaptureSteps.PlanCapture, "plan"),
        (CaptureSteps.GrantPermission, "grant"),
        (CaptureSteps.AttachContainer, "attach"),
        (CaptureSteps.CaptureWindow, "capture"),
        (CaptureSteps.FinishCapture, "finish"),
        (CaptureSteps.RetrieveCapture, "retrieve"),
        (CaptureSteps.StoreCapture, "store"),
        (CaptureSteps.DiscardCapture, "discard"),
        (CaptureSteps.RevokePermission, "revoke"),
    ];

    /// <summary>The steps that every capture goes through.</summary>
    public static IEnumerable<string> Usual => Known.Select(k => k.Step).Where(s => s != CaptureSteps.DiscardCapture);

    public static string Of(string step) => Array.Find(Known, k => k.Step == step).Word ?? step;
}
