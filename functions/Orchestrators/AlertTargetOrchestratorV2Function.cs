using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Orchestrators;

/// <summary>Entry point of <see cref="AlertTargetOrchestratorV2"/>. Once shipped, its name stands for its sequence of calls.</summary>
public static class AlertTargetOrchestratorV2Function
{
    [Function(nameof(AlertTargetOrchestratorV2))]
    public static Task<StartedOrder> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, AlertOrder order) =>
        new AlertTargetOrchestratorV2().RunAsync(context, order);
}
