using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The steps in a user's words, in the order in which they come.</summary>
internal static class StepWords
{
    private static readonly (string Step, string Word)[] Known =
    [
        (CaptureSteps.PlanCapture, "plan"),
        (CaptureSteps.AwaitApproval, "approval"),
        (CaptureSteps.AwaitAdmission, "line"),
        (CaptureSteps.GrantPermission, "grant"),
        (CaptureSteps.AttachContainer, "attach"),
        (CaptureSteps.CaptureWindow, "capture"),
        (CaptureSteps.FinishCapture, "finish"),
        (CaptureSteps.RetrieveCapture, "retrieve"),
        (CaptureSteps.StoreCapture, "store"),
        (CaptureSteps.DiscardCapture, "discard"),
        (CaptureSteps.RevokePermission, "revoke"),
        (CaptureSteps.AddProof, "proof"),
    ];

    /// <summary>The steps that every capture goes through, and those that this one did, in the order in which they come.</summary>
    public static IEnumerable<string> Shown(IReadOnlyCollection<string> taken) => Known.Select(k => k.Step)
        .Where(s => taken.Contains(s) || s is not (CaptureSteps.DiscardCapture or CaptureSteps.AddProof or CaptureSteps.AwaitApproval or CaptureSteps.AwaitAdmission))
        .Union(taken);

    /// <summary>What a capture waits for before anything is changed; null when it does not.</summary>
    public static string? Waiting(CaptureStatus status) => status switch
    {
        { Status: CaptureState.AwaitingApproval } when (status.Progress?.Approval ?? status.Approval) is { } approval =>
            $"waiting for approval until {Wording.Time(approval.Until)}: {string.Join(' ', approval.Why)} {approval.WhoMay}",
        { Status: CaptureState.Queued } when (status.Progress?.Queue ?? status.Queue) is { Place: { } place } line =>
            string.Create(CultureInfo.InvariantCulture, $"place {place} in line for {line.WaitsFor}, until {Wording.Time(line.Until)}"),
        _ => null,
    };

    public static string Of(string step) => Array.Find(Known, k => k.Step == step).Word ?? step;
}
