using CaptureFlow.Evidence;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>
/// Adds the revocation proof to the manifest, and to the log, once the store answers again: the revoke itself waits for no store. A proof that is there
/// already is success, and so is a capture of which nothing was stored.
/// </summary>
public sealed class AddProofFunction(ICaptureStore store, CustodyKeeper custody, StepTelemetry telemetry)
{
    [Function(CaptureSteps.AddProof)]
    public Task<StepResult<RevocationProof>> RunAsync([ActivityTrigger] ProofRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return telemetry.RunAsync(CaptureSteps.AddProof, request.Plan.Order.CaptureId, () => AddAsync(request, cancellationToken));
    }

    private async Task<StepResult<RevocationProof>> AddAsync(ProofRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await store.EnsureProofAsync(request.Plan.Order.CaptureId, request.Proof, request.Timeline, cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            return new(request.Proof, [refusal.Fault]);
        }

        await custody.NoteRevokedAsync(request.Plan, request.Proof, cancellationToken);
        return StepResult.Of(request.Proof);
    }
}
