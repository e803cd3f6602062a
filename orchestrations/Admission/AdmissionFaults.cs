using System.Globalization;

namespace CaptureFlow.Orchestrations;

/// <summary>Why a capture was not let in.</summary>
internal static class AdmissionFaults
{
    /// <summary>The ledger refused it.</summary>
    public static CaptureFault Refused(AdmissionAnswer answer) => answer switch
    {
        { FreeBy: null, Claim: { } claim } => new(
            FaultCodes.QuotaExceeded,
            $"This capture alone is over the quota for {claim.Say(answer.Used)}.",
            $"Ask for less: fewer pods, a smaller window.maxBytes, a shorter window; or have {claim.Setting} raised."),
        { Place: > AdmissionLedger.LongestLine } => new(
            FaultCodes.QuotaExceeded,
            $"{AdmissionLedger.LongestLine} captures wait in line already.",
            "Order again once the line is shorter; somebody's automation may be ordering without end."),
        _ => new(FaultCodes.QuotaExceeded, $"The quota for {Say(answer)} is used up.", Remedy(answer)),
    };

    /// <summary>It waited in line as long as it may.</summary>
    public static CaptureFault WaitedTooLong(AdmissionAnswer answer, TimeSpan longest) => new(
        FaultCodes.QuotaExceeded,
        string.Create(CultureInfo.InvariantCulture, $"After {longest.TotalMinutes:0.#} min in line the quota for {Say(answer)} is still used up."),
        Remedy(answer));

    /// <summary>The ledger said nothing.</summary>
    public static CaptureFault Unanswered { get; } = new(
        FaultCodes.StepFailed,
        "The line of captures gave no answer.",
        "See the log for the orchestration captureflow-admission; order again once orchestrations run.");

    private static string Say(AdmissionAnswer answer) => answer.Claim?.Say(answer.Used) ?? "captures";

    private static string Remedy(AdmissionAnswer answer) => string.Create(
        CultureInfo.InvariantCulture,
        $"Some of it is free again by {answer.FreeBy?.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} at the latest: order again then; or have {answer.Claim?.Setting} raised.");
}
