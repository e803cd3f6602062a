using CaptureFlow.Functions.Admission;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Finds the pods of a fleet's order. A pure read.</summary>
public sealed class ResolveTargetFunction(ICaptureSite site, GateTermsOfPlans gate, StepTelemetry telemetry)
{
    [Function(CaptureSteps.ResolveTarget)]
    public Task<StepResult<FleetPlan>> RunAsync([ActivityTrigger] FleetOrder order, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.ResolveTarget, order.CaptureId, async () => gate.Add(order, await site.ResolveAsync(order, cancellationToken)));
}
