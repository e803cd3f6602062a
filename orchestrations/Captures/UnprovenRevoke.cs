namespace CaptureFlow.Orchestrations;

/// <summary>A revoke that goes on because its last try failed, as the capture shows it from the first failed try on.</summary>
/// <param name="Since">The first failed try, UTC.</param>
/// <param name="Tries">How many have failed.</param>
/// <param name="Fault">What the last one came to.</param>
public sealed record UnprovenRevoke(DateTimeOffset Since, int Tries, CaptureFault Fault)
{
    private const string Goes = "It is tried again, and later by the reaper, until they are. To look yourself: kubectl get serviceaccounts,rolebindings -A -l app.kubernetes.io/managed-by=captureflow";

    /// <summary>The fault of a try that could not ask, or not ask everything.</summary>
    public static CaptureFault NotAsked(string words) =>
        new(FaultCodes.RevokeUnproven, "The rights of this capture are not proven gone yet: the last try could not be carried out.", Goes, Detail: words);
}
