using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.Local.Hosting;

/// <summary>An activity function, as the durable engine runs it: each call in a scope of its own.</summary>
/// <param name="function">The function.</param>
/// <param name="scopes">Makes the scopes.</param>
/// <param name="cancellationToken">Ends the call when the host stops; the engine then runs it again after the next start.</param>
internal sealed class FunctionActivity(ActivityFunction function, IServiceScopeFactory scopes, CancellationToken cancellationToken) : ITaskActivity
{
    public Type InputType => function.InputType;

    public Type OutputType => function.Function.ResultType ?? typeof(object);

    public async Task<object?> RunAsync(TaskActivityContext context, object? input)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await FunctionInvoker.InvokeAsync(new(function.Function, scope.ServiceProvider, context, cancellationToken) { Input = input });
    }
}
