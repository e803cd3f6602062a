using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Starts the tap as the granted identity and waits until tcpdump listens. The container's name is the capture id.</summary>
public sealed class AttachContainerFunction(ICaptureSite site, StepTelemetry telemetry)
{
    [Function(CaptureSteps.AttachContainer)]
    public Task<StepResult<Tap>> RunAsync([ActivityTrigger] GrantedStep step, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.AttachContainer, step.Plan.Order.CaptureId, () => site.EnsureTapAsync(step.Plan, step.Grant, cancellationToken));
}
