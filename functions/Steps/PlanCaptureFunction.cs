using CaptureFlow.Functions.Admission;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Resolves the target and refuses with all reasons at once. A pure read.</summary>
public sealed class PlanCaptureFunction(ICaptureSite site, GateTermsOfPlans gate, StepTelemetry telemetry)
{
    [Function(CaptureSteps.PlanCapture)]
    public Task<StepResult<CapturePlan>> RunAsync([ActivityTrigger] CaptureOrder order, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.PlanCapture, order.CaptureId, async () => gate.Add(await site.PlanAsync(order, cancellationToken)));
}
