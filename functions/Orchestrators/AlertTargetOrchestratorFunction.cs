using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Orchestrators;

/// <summary>Entry point of <see cref="AlertTargetOrchestrator"/>. Once shipped, its name stands for its sequence of calls.</summary>
public static class AlertTargetOrchestratorFunction
{
    [Function(nameof(AlertTargetOrchestrator))]
    public static Task<StartedOrder> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, AlertOrder order) =>
        new AlertTargetOrchestrator().RunAsync(context, order);
}
