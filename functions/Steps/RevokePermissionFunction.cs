using CaptureFlow.Evidence;
using CaptureFlow.Functions.Reaping;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>
/// Ends the tap, takes the permission back, asks, and stores the answers beside the evidence. What is already gone is success. Once the rights are
/// proven gone, and not before, the triage card of what was stored is made: it holds up neither the evidence nor the revoke.
/// </summary>
public sealed class RevokePermissionFunction(
    ICaptureSite site, ICaptureStore store, CustodyKeeper custody, TriageCards cards, StepTelemetry telemetry, TimeProvider time)
{
    [Function(CaptureSteps.RevokePermission)]
    public async Task<StepResult<RevocationProof>> RunAsync([ActivityTrigger] RevokeRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var result = await telemetry.RunRevokeAsync(request, () => RevokeAsync(request, cancellationToken));
        if (result.Value is { Proven: true })
        {
            await cards.EnsureAtEndAsync(request.Plan.Order.CaptureId, cancellationToken);
        }

        return result;
    }

    private async Task<StepResult<RevocationProof>> RevokeAsync(RevokeRequest request, CancellationToken cancellationToken)
    {
        var proof = await site.EnsureRevokedAsync(request.Plan, cancellationToken);
        StepRecord[] timeline = [.. request.Timeline];
        timeline[^1] = timeline[^1] with { EndedAt = time.GetUtcNow(), Fault = proof.Proven ? null : FaultCodes.RevokeUnproven };
        List<CaptureFault> faults = proof.Proven ? [] : [RevocationFaults.Unproven(proof)];
        try
        {
            await store.EnsureProofAsync(request.Plan.Order.CaptureId, proof, timeline, cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            // The rights are what matters: the proof is still in the report, only its copy beside the file is missing.
            faults.Add(refusal.Fault);
        }
        catch (StepUnavailableException away)
        {
            // Nor is a store that is away a reason to ask for the rights again and again until they count as unproven. The log seals the manifest as it is
            // after the proof, so both wait for the same step.
            faults.Add(RevocationFaults.NotKept(away));
            return new StepResult<RevocationProof>(proof, faults);
        }

        await custody.NoteRevokedAsync(request.Plan, proof, cancellationToken);
        return new StepResult<RevocationProof>(proof, faults);
    }
}
