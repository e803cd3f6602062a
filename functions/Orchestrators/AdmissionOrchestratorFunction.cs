using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Orchestrators;

/// <summary>Entry point of <see cref="AdmissionOrchestrator"/>. Once shipped, its name stands for its sequence of calls.</summary>
public static class AdmissionOrchestratorFunction
{
    [Function(nameof(AdmissionOrchestrator))]
    public static Task<AdmissionSummary> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, AdmissionState state) =>
        new AdmissionOrchestrator().RunAsync(context, state);
}
