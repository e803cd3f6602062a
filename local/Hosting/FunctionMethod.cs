using System.Collections.Immutable;
using System.Reflection;

namespace CaptureFlow.Local.Hosting;

/// <summary>A function as its class declares it: the name, the method, and where each of its parameters comes from.</summary>
internal sealed record FunctionMethod(string Name, MethodInfo Method, ImmutableArray<ParameterSource> Sources)
{
    public string EntryPoint => $"{Method.DeclaringType!.FullName}.{Method.Name}";

    /// <summary>What the function hands back once it is awaited; null when it hands back nothing.</summary>
    public Type? ResultType { get; } = Unwrap(Method.ReturnType);

    private static Type? Unwrap(Type type) => type switch
    {
        _ when type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask) => null,
        { IsGenericType: true } when type.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>)) => type.GenericTypeArguments[0],
        _ => type,
    };
}

/// <summary>Where the value of one parameter comes from.</summary>
internal delegate object? ParameterSource(Invocation invocation);
