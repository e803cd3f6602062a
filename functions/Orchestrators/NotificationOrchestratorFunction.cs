using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Orchestrators;

/// <summary>Entry point of <see cref="NotificationOrchestrator"/>. Once shipped, its name stands for its sequence of calls.</summary>
public static class NotificationOrchestratorFunction
{
    [Function(nameof(NotificationOrchestrator))]
    public static Task<NotificationReport> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, WatchedCapture watched) =>
        new NotificationOrchestrator().RunAsync(context, watched);
}
