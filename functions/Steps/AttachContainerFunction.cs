using CaptureFlow.Evidence;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Starts the tap as the granted identity and waits until tcpdump listens. The container's name is the capture id.</summary>
public sealed class AttachContainerFunction(ICaptureSite site, CustodyKeeper custody, StepTelemetry telemetry)
{
    [Function(CaptureSteps.AttachContainer)]
    public Task<StepResult<Tap>> RunAsync([ActivityTrigger] GrantedStep step, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.AttachContainer, step.Plan.Order.CaptureId, () => AttachAsync(step, cancellationToken));

    private async Task<StepResult<Tap>> AttachAsync(GrantedStep step, CancellationToken cancellationToken)
    {
        var result = await site.EnsureTapAsync(step.Plan, step.Grant, cancellationToken);
        if (result.Value is { } tap)
        {
            await custody.NoteAsync(
                step.Plan.Order.CaptureId, cancellationToken, [.. CustodyNotes.Ordered(step.Plan), CustodyNotes.Granted(step.Grant), CustodyNotes.Attached(tap)]);
        }

        return result;
    }
}
