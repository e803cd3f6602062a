using CaptureFlow.Functions.Admission;
using CaptureFlow.Functions.Notifications;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Steps;

/// <summary>Finds the pods of a fleet's order. A pure read of the cluster; has the fleet's end watched, for whoever wants to hear of it.</summary>
public sealed class ResolveTargetFunction(ICaptureSite site, GateTermsOfPlans gate, StepTelemetry telemetry, NotificationWatch watch)
{
    [Function(CaptureSteps.ResolveTarget)]
    public async Task<StepResult<FleetPlan>> RunAsync([ActivityTrigger] FleetOrder order, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        await watch.EnsureStartedAsync(order.CaptureId, order.Callback is not null, client, cancellationToken);
        return await telemetry.RunAsync(CaptureSteps.ResolveTarget, order.CaptureId, async () => gate.Add(order, await site.ResolveAsync(order with { Callback = null }, cancellationToken)));
    }
}
