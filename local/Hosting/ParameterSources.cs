using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.Local.Hosting;

/// <summary>Decides once, at start, where each parameter of a function comes from; refuses a parameter that nothing here can fill.</summary>
internal static class ParameterSources
{
    private static readonly ImmutableHashSet<Type> RouteTypes = [typeof(string), typeof(int), typeof(long), typeof(bool), typeof(Guid)];

    public static ImmutableArray<ParameterSource> Of(string function, MethodInfo method, IReadOnlySet<string> routeNames) =>
        [.. method.GetParameters().Select(p => Of(function, p, routeNames))];

    /// <summary>Whether a route value can become the parameter; a value that cannot is a route that does not match.</summary>
    public static bool TryConvert(object? value, Type type, out object? converted)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        converted = type switch
        {
            _ when type == typeof(string) => text,
            _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ when type == typeof(long) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ when type == typeof(bool) => bool.TryParse(text, out var truth) ? truth : null,
            _ when type == typeof(Guid) => Guid.TryParse(text, out var id) ? id : null,
            _ => null,
        };
        return converted is not null || value is null;
    }

    private static ParameterSource Of(string function, ParameterInfo parameter, IReadOnlySet<string> routeNames)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<HttpTriggerAttribute>() is not null)
        {
            return type == typeof(HttpRequest) ? i => i.Trigger : throw Unknown(function, parameter, "Declare the trigger as HttpRequest.");
        }

        if (parameter.GetCustomAttribute<TimerTriggerAttribute>() is not null)
        {
            return type == typeof(TimerInfo) ? i => i.Trigger : throw Unknown(function, parameter, "Declare the trigger as TimerInfo.");
        }

        if (parameter.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null)
        {
            return type == typeof(TaskOrchestrationContext) ? i => i.Trigger : throw Unknown(function, parameter, "Declare the trigger as TaskOrchestrationContext.");
        }

        if (parameter.GetCustomAttribute<ActivityTriggerAttribute>() is not null)
        {
            return i => i.Trigger;
        }

        return Beside(function, parameter, routeNames);
    }

    private static ParameterSource Beside(string function, ParameterInfo parameter, IReadOnlySet<string> routeNames)
    {
        var type = parameter.ParameterType;
        if (type == typeof(CancellationToken))
        {
            return i => i.CancellationToken;
        }

        if (type == typeof(FunctionContext))
        {
            return i => i.Context;
        }

        if (type == typeof(DurableTaskClient) && parameter.GetCustomAttribute<DurableClientAttribute>() is not null)
        {
            return i => i.Services.GetRequiredService<DurableTaskClient>();
        }

        if (parameter.Name is { } name && routeNames.Contains(name))
        {
            return RouteTypes.Contains(type)
                ? i => TryConvert(i.Route[name], type, out var value) ? value : null
                : throw Unknown(function, parameter, "A part of the route can be a string, int, long, bool or Guid.");
        }

        if (IsOrchestrator(parameter.Member))
        {
            return i => i.Input;
        }

        throw Unknown(function, parameter, "Take HttpRequest, [DurableClient] DurableTaskClient, FunctionContext, CancellationToken, or a part of the route by its name.");
    }

    private static bool IsOrchestrator(MemberInfo member) =>
        member is MethodInfo method && method.GetParameters().Any(p => p.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null);

    private static HostRefusedException Unknown(string function, ParameterInfo parameter, string remedy) =>
        new($"The function '{function}' has a parameter that the local host cannot fill: {parameter.ParameterType.Name} {parameter.Name}.", remedy);
}
