using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Makes the capture's own permission, and waits until it is effective. Its names derive from the capture id.</summary>
public sealed class GrantPermissionFunction(ICaptureSite site, StepTelemetry telemetry)
{
    [Function(CaptureSteps.GrantPermission)]
    public Task<StepResult<Grant>> RunAsync([ActivityTrigger] CapturePlan plan, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.GrantPermission, plan.Order.CaptureId, () => site.EnsureGrantAsync(plan, cancellationToken));
}
