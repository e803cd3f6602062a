using Microsoft.AspNetCore.Routing;

namespace CaptureFlow.Local.Hosting;

/// <summary>One call of a function, with all that its parameters can be bound to.</summary>
internal sealed class Invocation(FunctionMethod function, IServiceProvider services, object? trigger, CancellationToken cancellationToken)
{
    public FunctionMethod Function { get; } = function;

    public IServiceProvider Services { get; } = services;

    /// <summary>What started it: a request, a timer's times, an activity's input, an orchestration's context.</summary>
    public object? Trigger { get; } = trigger;

    /// <summary>The input of an orchestration, beside its context.</summary>
    public object? Input { get; init; }

    public RouteValueDictionary Route { get; init; } = [];

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public LocalFunctionContext Context => field ??= new(this);
}
