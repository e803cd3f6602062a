using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Reaping;

/// <summary>What is said of a revoke whose proof does not hold.</summary>
internal static class RevocationFaults
{
    /// <summary>Of rights that may well be proven gone: it is the store that is away.</summary>
    public static CaptureFault NotKept(StepUnavailableException away) => new(
        FaultCodes.StoreUnavailable,
        "The revocation proof could not be added to the manifest: the store does not answer.",
        "It is tried again for half an hour; the capture's status has the proof meanwhile, and afterwards.",
        Detail: away.Message);

    public static CaptureFault Unproven(RevocationProof proof) => new(
        FaultCodes.RevokeUnproven,
        "The rights of this capture could not be proven gone.",
        "The reaper goes on trying. To look yourself: kubectl get serviceaccounts,rolebindings -A -l app.kubernetes.io/managed-by=captureflow",
        Detail: string.Join("; ", proof.Answers.Where(a => !a.Holds).Select(a => $"{a.Question}: expected {a.Expected}, got {a.Answer}")));
}
