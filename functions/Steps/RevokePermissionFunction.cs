using CaptureFlow.Evidence;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Ends the tap, takes the permission back, asks, and stores the answers beside the evidence. What is already gone is success.</summary>
public sealed class RevokePermissionFunction(ICaptureSite site, ICaptureStore store, CustodyKeeper custody, StepTelemetry telemetry, TimeProvider time)
{
    [Function(CaptureSteps.RevokePermission)]
    public Task<StepResult<RevocationProof>> RunAsync([ActivityTrigger] RevokeRequest request, CancellationToken cancellationToken) =>
        telemetry.RunRevokeAsync(request, () => RevokeAsync(request, cancellationToken));

    private async Task<StepResult<RevocationProof>> RevokeAsync(RevokeRequest request, CancellationToken cancellationToken)
    {
        var proof = await site.EnsureRevokedAsync(request.Plan, cancellationToken);
        StepRecord[] timeline = [.. request.Timeline];
        timeline[^1] = timeline[^1] with { EndedAt = time.GetUtcNow(), Fault = proof.Proven ? null : FaultCodes.RevokeUnproven };
        List<CaptureFault> faults = proof.Proven ? [] : [Unproven(proof)];
        try
        {
            await store.EnsureProofAsync(request.Plan.Order.CaptureId, proof, timeline, cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            // The rights are what matters: the proof is still in the report, only its copy beside the file is missing.
            faults.Add(refusal.Fault);
        }

        await custody.NoteRevokedAsync(request.Plan, proof, cancellationToken);
        return new StepResult<RevocationProof>(proof, faults);
    }

    private static CaptureFault Unproven(RevocationProof proof) => new(
        FaultCodes.RevokeUnproven,
        "The rights of this capture could not be proven gone.",
        "The reaper goes on trying. To look yourself: kubectl get serviceaccounts,rolebindings -A -l app.kubernetes.io/managed-by=captureflow",
        Detail: string.Join("; ", proof.Answers.Where(a => !a.Holds).Select(a => $"{a.Question}: expected {a.Expected}, got {a.Answer}")));
}
