using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Does nothing: its input is the memory of a call, in the one store that every host has. It makes no calls, so that nothing of it can be
/// replayed differently.
/// </summary>
public sealed class AlertCallOrchestrator : TaskOrchestrator<AlertCall, string>
{
    public override Task<string> RunAsync(TaskOrchestrationContext context, AlertCall input) => Task.FromResult(context.InstanceId);
}
