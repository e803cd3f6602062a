using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Starts the tap as the granted identity and waits until tcpdump listens. The container's name is the capture id.</summary>
public sealed class AttachContainerFunction(ICaptureSite site)
{
    [Function(CaptureSteps.AttachContainer)]
    public Task<StepResult<Tap>> RunAsync([ActivityTrigger] GrantedStep step, CancellationToken cancellationToken) =>
        site.EnsureTapAsync(step.Plan, step.Grant, cancellationToken);
}
