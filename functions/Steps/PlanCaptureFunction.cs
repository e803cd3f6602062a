using CaptureFlow.Functions.Admission;
using CaptureFlow.Functions.Notifications;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Steps;

/// <summary>Resolves the target and refuses with all reasons at once. A pure read of the cluster; has the capture's end watched, for whoever wants to hear of it.</summary>
public sealed class PlanCaptureFunction(ICaptureSite site, GateTermsOfPlans gate, StepTelemetry telemetry, NotificationWatch watch)
{
    [Function(CaptureSteps.PlanCapture)]
    public async Task<StepResult<CapturePlan>> RunAsync([ActivityTrigger] CaptureOrder order, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        if (order.Fleet is null)
        {
            // A fleet is told of as one.
            await watch.EnsureStartedAsync(order.CaptureId, order.Callback is not null, client, cancellationToken);
        }

        // The plan is shown and stored.
        var planned = order with { Callback = null };
        return await telemetry.RunAsync(CaptureSteps.PlanCapture, order.CaptureId, async () => gate.Add(await site.PlanAsync(planned, cancellationToken)));
    }
}
