using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Orchestrators;

/// <summary>Entry point of <see cref="FleetOrchestrator"/>. Once shipped, its name stands for its sequence of calls.</summary>
public static class FleetOrchestratorFunction
{
    [Function(nameof(FleetOrchestrator))]
    public static Task<FleetReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, FleetOrder order) =>
        new FleetOrchestrator().RunAsync(context, order);
}
