using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Reads size, hash and counters of the ended tap; ends it first when a stop was asked.</summary>
public sealed class FinishCaptureFunction(ICaptureSite site)
{
    [Function(CaptureSteps.FinishCapture)]
    public Task<StepResult<TapSummary>> RunAsync([ActivityTrigger] FinishRequest request, CancellationToken cancellationToken) =>
        site.FinishAsync(request.Plan, request.Grant, request.StopNow, cancellationToken);
}
