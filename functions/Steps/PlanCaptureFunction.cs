using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Resolves the target and refuses with all reasons at once. A pure read.</summary>
public sealed class PlanCaptureFunction(ICaptureSite site)
{
    [Function(CaptureSteps.PlanCapture)]
    public Task<StepResult<CapturePlan>> RunAsync([ActivityTrigger] CaptureOrder order, CancellationToken cancellationToken) =>
        site.PlanAsync(order, cancellationToken);
}
