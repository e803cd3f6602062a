using CaptureFlow.Evidence;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Reads size, hash and counters of the ended tap; ends it first when a stop was asked.</summary>
public sealed class FinishCaptureFunction(ICaptureSite site, CustodyKeeper custody, StepTelemetry telemetry, TimeProvider time)
{
    [Function(CaptureSteps.FinishCapture)]
    public Task<StepResult<TapSummary>> RunAsync([ActivityTrigger] FinishRequest request, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.FinishCapture, request.Plan.Order.CaptureId, () => FinishAsync(request, cancellationToken));

    private async Task<StepResult<TapSummary>> FinishAsync(FinishRequest request, CancellationToken cancellationToken)
    {
        var result = await site.FinishAsync(request.Plan, request.Grant, request.StopNow, cancellationToken);
        if (result.Value is { } tapped)
        {
            await custody.NoteAsync(request.Plan.Order.CaptureId, cancellationToken, CustodyNotes.Stopped(tapped, time.GetUtcNow()));
        }

        return result;
    }
}
