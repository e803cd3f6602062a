using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Finds the pods of a fleet's order. A pure read.</summary>
public sealed class ResolveTargetFunction(ICaptureSite site, StepTelemetry telemetry)
{
    [Function(CaptureSteps.ResolveTarget)]
    public Task<StepResult<FleetPlan>> RunAsync([ActivityTrigger] FleetOrder order, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.ResolveTarget, order.CaptureId, () => site.ResolveAsync(order, cancellationToken));
}
