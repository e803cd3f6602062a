using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Reads size, hash and counters of the ended tap; ends it first when a stop was asked.</summary>
public sealed class FinishCaptureFunction(ICaptureSite site, StepTelemetry telemetry)
{
    [Function(CaptureSteps.FinishCapture)]
    public Task<StepResult<TapSummary>> RunAsync([ActivityTrigger] FinishRequest request, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.FinishCapture, request.Plan.Order.CaptureId, () => site.FinishAsync(request.Plan, request.Grant, request.StopNow, cancellationToken));
}
