using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>A light look at the running tap, for progress only.</summary>
public sealed class ObserveCaptureFunction(ICaptureSite site, StepTelemetry telemetry)
{
    [Function(CaptureSteps.ObserveCapture)]
    public Task<StepResult<TapObservation>> RunAsync([ActivityTrigger] GrantedStep step, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.ObserveCapture, step.Plan.Order.CaptureId, () => site.ObserveAsync(step.Plan, step.Grant, cancellationToken));
}
