using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Makes the capture's own permission, and waits until it is effective. Its names derive from the capture id.</summary>
public sealed class GrantPermissionFunction(ICaptureSite site)
{
    [Function(CaptureSteps.GrantPermission)]
    public Task<StepResult<Grant>> RunAsync([ActivityTrigger] CapturePlan plan, CancellationToken cancellationToken) =>
        site.EnsureGrantAsync(plan, cancellationToken);
}
