using CaptureFlow.Evidence;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Makes the capture's own permission, and waits until it is effective. Its names derive from the capture id.</summary>
public sealed class GrantPermissionFunction(ICaptureSite site, CustodyKeeper custody, StepTelemetry telemetry)
{
    [Function(CaptureSteps.GrantPermission)]
    public Task<StepResult<Grant>> RunAsync([ActivityTrigger] CapturePlan plan, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.GrantPermission, plan.Order.CaptureId, () => GrantAsync(plan, cancellationToken));

    private async Task<StepResult<Grant>> GrantAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        var result = await site.EnsureGrantAsync(plan, cancellationToken);
        if (result.Value is { } grant)
        {
            await custody.NoteAsync(plan.Order.CaptureId, cancellationToken, [.. CustodyNotes.Ordered(plan), CustodyNotes.Granted(grant)]);
        }

        return result;
    }
}
