using CaptureFlow.Orchestrations;
using DurableTask.Core.Exceptions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Alerts;

/// <summary>Starts the capture of an alert's order, once: an instance of its id, whatever became of it, is that capture.</summary>
public static class StartOrderFunction
{
    [Function(AlertSteps.StartOrder)]
    public static async Task<StartedOrder> RunAsync([ActivityTrigger] AlertOrder order, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            var options = new StartOrchestrationOptions(order.CaptureId).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            await client.ScheduleNewOrchestrationInstanceAsync(
                order.Capture is null ? nameof(FleetOrchestrator) : nameof(CaptureOrchestrator), (object?)order.Capture ?? order.Fleet, options, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Run twice, or the same alert again after its cool-down.
        }

        return new(order.CaptureId);
    }
}
