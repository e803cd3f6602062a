using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Orchestrators;

/// <summary>Entry point of <see cref="CaptureOrchestrator"/>. Once shipped, its name stands for its sequence of calls.</summary>
public static class CaptureOrchestratorFunction
{
    [Function(nameof(CaptureOrchestrator))]
    public static Task<CaptureReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, CaptureOrder order) =>
        new CaptureOrchestrator().RunAsync(context, order);
}
