using System.Collections.Immutable;
using System.Reflection;
using CaptureFlow.Functions.Reaping;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Local.Hosting;

/// <summary>
/// The functions of an assembly, as their classes declare them. Routes, schedules and steps are read from the triggers' attributes, so that
/// none of them exists twice.
/// </summary>
internal sealed record FunctionCatalog(
    ImmutableArray<HttpFunction> Http,
    ImmutableArray<TimerFunction> Timers,
    ImmutableArray<OrchestratorFunction> Orchestrators,
    ImmutableArray<ActivityFunction> Activities)
{
    private static readonly ImmutableArray<string> AnyMethod = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
    private static readonly ImmutableHashSet<string> NoNames = [];

    public IEnumerable<FunctionMethod> All =>
        [.. Http.Select(f => f.Function), .. Timers.Select(f => f.Function), .. Orchestrators.Select(f => f.Function), .. Activities.Select(f => f.Function)];

    /// <exception cref="HostRefusedException">A function cannot be run here, or two have one name.</exception>
    public static FunctionCatalog Discover(params IEnumerable<Type> types)
    {
        var http = ImmutableArray.CreateBuilder<HttpFunction>();
        var timers = ImmutableArray.CreateBuilder<TimerFunction>();
        var orchestrators = ImmutableArray.CreateBuilder<OrchestratorFunction>();
        var activities = ImmutableArray.CreateBuilder<ActivityFunction>();
        foreach (var (name, method) in Named(types))
        {
            switch (TriggerOf(name, method))
            {
                case (_, HttpTriggerAttribute trigger):
                    http.Add(HttpOf(name, method, trigger));
                    break;
                case (_, TimerTriggerAttribute trigger):
                    timers.Add(new(Plain(name, method), trigger.Schedule, trigger.RunOnStartup || method.IsDefined(typeof(AlsoAtStartAttribute))));
                    break;
                case (var parameter, OrchestrationTriggerAttribute):
                    orchestrators.Add(new(Plain(name, method), InputBeside(method, parameter)));
                    break;
                case (var parameter, _):
                    activities.Add(new(Plain(name, method), parameter.ParameterType));
                    break;
            }
        }

        FunctionCatalog catalog = new(http.ToImmutable(), timers.ToImmutable(), orchestrators.ToImmutable(), activities.ToImmutable());
        RefuseTwins(catalog);
        return catalog;
    }

    private static IEnumerable<(string Name, MethodInfo Method)> Named(IEnumerable<Type> types) =>
        from type in types
        where type.IsClass
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        orderby function.Name
        select (function.Name, method);

    private static (ParameterInfo Parameter, Attribute Trigger) TriggerOf(string name, MethodInfo method)
    {
        var triggers = (
            from parameter in method.GetParameters()
            from attribute in parameter.GetCustomAttributes()
            where attribute is HttpTriggerAttribute or TimerTriggerAttribute or OrchestrationTriggerAttribute or ActivityTriggerAttribute
            select (parameter, attribute)).ToArray();
        return triggers.Length == 1
            ? triggers[0]
            : throw new HostRefusedException(
                $"The function '{name}' has {triggers.Length} triggers that the local host knows.",
                "Give it exactly one of HttpTrigger, TimerTrigger, OrchestrationTrigger and ActivityTrigger.");
    }

    private static HttpFunction HttpOf(string name, MethodInfo method, HttpTriggerAttribute trigger)
    {
        if (trigger.AuthLevel != AuthorizationLevel.Anonymous)
        {
            throw new HostRefusedException(
                $"The function '{name}' has the level {trigger.AuthLevel}, and the local host checks no keys.",
                "Make it Anonymous and let it ask the access gate, which knows the keys.");
        }

        var route = trigger.Route ?? name;
        var names = RoutePatternFactory.Parse(route).Parameters.Select(p => p.Name).ToImmutableHashSet(StringComparer.OrdinalIgnoreCase);
        return new(
            new(name, method, ParameterSources.Of(name, method, names)),
            route,
            trigger.Methods is { Length: > 0 } methods ? [.. methods.Select(m => m.ToUpperInvariant())] : AnyMethod);
    }

    private static FunctionMethod Plain(string name, MethodInfo method) => new(name, method, ParameterSources.Of(name, method, NoNames));

    /// <summary>The parameter that takes the input: the first beside the context that is not the host's own.</summary>
    private static Type InputBeside(MethodInfo method, ParameterInfo context) => method.GetParameters()
        .Where(p => p != context && p.ParameterType != typeof(FunctionContext) && p.ParameterType != typeof(CancellationToken))
        .Select(p => p.ParameterType)
        .FirstOrDefault(typeof(object));

    private static void RefuseTwins(FunctionCatalog catalog)
    {
        var twin = catalog.All.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        if (twin is not null)
        {
            throw new HostRefusedException(
                $"The function name '{twin.Key}' is taken more than once: {string.Join(", ", twin.Select(f => f.EntryPoint))}.",
                "Give each function a name of its own.");
        }
    }
}
