using Microsoft.DurableTask;

namespace CaptureFlow.Local.Hosting;

/// <summary>An orchestrator function, as the durable engine runs it.</summary>
internal sealed class FunctionOrchestrator(OrchestratorFunction function, IServiceProvider services) : ITaskOrchestrator
{
    public Type InputType => function.InputType;

    public Type OutputType => function.Function.ResultType ?? typeof(object);

    public Task<object?> RunAsync(TaskOrchestrationContext context, object? input) =>
        FunctionInvoker.InvokeAsync(new(function.Function, services, context, CancellationToken.None) { Input = input });
}
