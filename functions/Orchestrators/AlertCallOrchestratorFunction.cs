using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Orchestrators;

/// <summary>Entry point of <see cref="AlertCallOrchestrator"/>. Once shipped, its name stands for its sequence of calls.</summary>
public static class AlertCallOrchestratorFunction
{
    [Function(nameof(AlertCallOrchestrator))]
    public static Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, AlertCall call) =>
        new AlertCallOrchestrator().RunAsync(context, call);
}
