using CaptureFlow.Functions.Captures;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Alerts;

/// <summary>Tells whether the capture of an alert's order has begun, or was refused.</summary>
public static class LookAtOrderFunction
{
    [Function(AlertSteps.LookAtOrder)]
    public static async Task<SeenOrder> RunAsync([ActivityTrigger] string captureId, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var instance = await client.GetInstanceAsync(captureId, getInputsAndOutputs: true, cancellationToken);
        return new(instance is null ? OrderOutcome.Undecided : OutcomeOf(FleetView.IsFleet(instance) ? FleetView.Of(instance).Status : CaptureView.Of(instance).Status));
    }

    private static OrderOutcome OutcomeOf(CaptureState state)
    {
        switch (state)
        {
            case CaptureState.Planning or CaptureState.AwaitingApproval or CaptureState.Queued:
                return OrderOutcome.Undecided;
            case CaptureState.Refused:
                return OrderOutcome.Refused;
            case CaptureState.Granting or CaptureState.Attaching or CaptureState.Capturing or CaptureState.Finishing or CaptureState.Retrieving or CaptureState.Storing:
            case CaptureState.Cancelling or CaptureState.Revoking or CaptureState.Completed or CaptureState.Denied or CaptureState.Expired or CaptureState.Cancelled:
            case CaptureState.Failed or CaptureState.RevokeUnproven or CaptureState.NotDiscarded:
                return OrderOutcome.Begun;
        }

        throw new InvalidOperationException($"{state} is no state of a capture.");
    }
}
