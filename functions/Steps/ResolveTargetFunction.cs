using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Finds the pods of a fleet's order. A pure read.</summary>
public sealed class ResolveTargetFunction(ICaptureSite site)
{
    [Function(CaptureSteps.ResolveTarget)]
    public Task<StepResult<FleetPlan>> RunAsync([ActivityTrigger] FleetOrder order, CancellationToken cancellationToken) =>
        site.ResolveAsync(order, cancellationToken);
}
