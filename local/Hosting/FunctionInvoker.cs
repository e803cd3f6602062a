using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.Local.Hosting;

/// <summary>Calls a function: an instance of its class from the services of the call, its parameters from their sources.</summary>
internal static class FunctionInvoker
{
    /// <summary>Returns what the function hands back once awaited; an exception comes out as the function threw it.</summary>
    public static async Task<object?> InvokeAsync(Invocation invocation)
    {
        var method = invocation.Function.Method;
        var instance = method.IsStatic ? null : ActivatorUtilities.CreateInstance(invocation.Services, method.DeclaringType!);
        try
        {
            var arguments = invocation.Function.Sources.Select(source => source(invocation)).ToArray();
            return await AwaitAsync(method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, arguments, null), invocation.Function.ResultType);
        }
        finally
        {
            switch (instance)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync();
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
    }

    private static async Task<object?> AwaitAsync(object? returned, Type? resultType)
    {
        var type = returned?.GetType();
        if (type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            returned = type.GetMethod(nameof(ValueTask<>.AsTask))!.Invoke(returned, null);
        }

        switch (returned)
        {
            case ValueTask task:
                await task;
                return null;
            case Task task:
                await task;
                return resultType is null ? null : typeof(Task<>).MakeGenericType(resultType).GetProperty("Result")!.GetValue(task);
            default:
                return returned;
        }
    }
}
