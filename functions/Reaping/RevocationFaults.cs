using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Reaping;

/// <summary>What is said of a revoke whose proof does not hold.</summary>
internal static class RevocationFaults
{
    public static CaptureFault Unproven(RevocationProof proof) => new(
        FaultCodes.RevokeUnproven,
        "The rights of this capture could not be proven gone.",
        "The reaper goes on trying. To look yourself: kubectl get serviceaccounts,rolebindings -A -l app.kubernetes.io/managed-by=captureflow",
        Detail: string.Join("; ", proof.Answers.Where(a => !a.Holds).Select(a => $"{a.Question}: expected {a.Expected}, got {a.Answer}")));
}
