using CaptureFlow.Evidence;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Drops what a cancelled capture had staged. Never touches stored evidence.</summary>
public sealed class DiscardCaptureFunction(ICaptureStore store, CustodyKeeper custody, StepTelemetry telemetry, TimeProvider time)
{
    [Function(CaptureSteps.DiscardCapture)]
    public Task<StepResult<Discarded>> RunAsync([ActivityTrigger] string captureId, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.DiscardCapture, captureId, () => DiscardAsync(captureId, cancellationToken));

    private async Task<StepResult<Discarded>> DiscardAsync(string captureId, CancellationToken cancellationToken)
    {
        try
        {
            await store.EnsureDiscardedAsync(captureId, cancellationToken);
            await custody.NoteAsync(captureId, cancellationToken, CustodyNotes.Discarded(time.GetUtcNow()));
            return StepResult.Of(new Discarded(captureId));
        }
        catch (StoreRefusedException refusal)
        {
            return StepResult.Fault<Discarded>(refusal.Fault);
        }
    }
}
