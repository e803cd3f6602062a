using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Orchestrators;

/// <summary>Entry point of <see cref="RevocationOrchestrator"/>. Once shipped, its name stands for its sequence of calls.</summary>
public static class RevocationOrchestratorFunction
{
    [Function(nameof(RevocationOrchestrator))]
    public static Task<RevocationReport?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, RevocationOrder order) =>
        new RevocationOrchestrator().RunAsync(context, order);
}
