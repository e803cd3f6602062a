using System.Reflection;
using System.Text.RegularExpressions;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Tests.Durable;

/// <summary>
/// What the Functions host and the Durable analyzers ask of functions, checked by reflection where the analyzers' package is missing
/// (DURABLE0007, 0008, 1001 to 1003, 2001 to 2004), and what only the host says, at start.
/// </summary>
public sealed partial class FunctionShapeTests
{
    private static readonly MethodInfo[] Functions =
        [.. typeof(AddCaptureFlowExtensions).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null)];

    [Fact]
    public void Functions_Names_AreValidAndUnique()
    {
        var names = Functions.Select(Name).ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Matches(FunctionName(), name));
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Functions_Bindings_HaveNamesThatTheHostTakes()
    {
        var bound = Functions.SelectMany(function => function.GetParameters())
            .Where(parameter => parameter.GetCustomAttributes().Any(attribute => attribute.GetType().Namespace == typeof(FunctionAttribute).Namespace));

        // "The binding name _ is invalid" comes from the host at start; the build says nothing.
        Assert.All(bound, parameter => Assert.Matches(BindingName(), parameter.Name!));
    }

    [Fact]
    public void Functions_Classes_CanBeMadeByTheWorker()
    {
        Assert.All(Functions, function => Assert.True(function.DeclaringType!.IsPublic && function.IsPublic, $"{Name(function)} is not public"));
    }

    [Fact]
    public void Orchestrators_AreStaticAndTakeTheContextAndOneInput()
    {
        var orchestrators = Functions.Where(function => Trigger<OrchestrationTriggerAttribute>(function) is not null).ToList();

        Assert.NotEmpty(orchestrators);
        Assert.All(orchestrators, function =>
        {
            var parameters = function.GetParameters();
            var type = OrchestratorTypes().Single(candidate => candidate.Name == Name(function));
            Assert.True(function.IsStatic, $"{Name(function)} could hold state between replays");
            Assert.Equal(typeof(TaskOrchestrationContext), parameters[0].ParameterType);
            Assert.Equal(type.BaseType!.GenericTypeArguments[0], Assert.Single(parameters[1..]).ParameterType);
            Assert.Empty(parameters[1].GetCustomAttributes<BindingAttribute>());
            Assert.Equal(type.BaseType!.GenericTypeArguments[1], function.ReturnType.GenericTypeArguments.Single());
        });
    }

    [Fact]
    public void Orchestrators_EveryClass_IsAFunction()
    {
        var functions = Functions.Where(function => Trigger<OrchestrationTriggerAttribute>(function) is not null).Select(Name);

        Assert.Equal(OrchestratorTypes().Select(type => type.Name).Order(StringComparer.Ordinal), functions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Activities_Parameters_AreTheInputAndWhatTheWorkerFills()
    {
        var activities = Functions.Where(function => Trigger<ActivityTriggerAttribute>(function) is not null).ToList();

        Assert.NotEmpty(activities);
        Assert.All(activities, function => Assert.All(
            function.GetParameters().Where(parameter => parameter != Trigger<ActivityTriggerAttribute>(function)),
            parameter => Assert.Contains(parameter.ParameterType, (Type[])[typeof(CancellationToken), typeof(FunctionContext), typeof(DurableTaskClient)])));
    }

    [Fact]
    public async Task Activities_EveryCall_FitsItsFunction()
    {
        var activities = Functions.Where(function => Trigger<ActivityTriggerAttribute>(function) is not null).ToDictionary(Name);
        List<ActivityCall> calls = [];
        foreach (var run in ShippedRuns.Names)
        {
            calls.AddRange((await ShippedRuns.RunAsync(run)).Activities);
        }

        Assert.All(calls, call =>
        {
            var function = activities[call.Name];
            Assert.True(Trigger<ActivityTriggerAttribute>(function)!.ParameterType.IsAssignableFrom(call.Input), $"{call.Name} is given a {call.Input?.Name}");
            Assert.Equal(call.Output, function.ReturnType.GenericTypeArguments.Single());
        });
        // No step is without a path that calls it.
        Assert.Equal(activities.Keys.Order(StringComparer.Ordinal), calls.Select(call => call.Name).Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<Type> OrchestratorTypes() => typeof(CaptureOrchestrator).Assembly.GetTypes()
        .Where(type => type.BaseType is { IsGenericType: true } basis && basis.GetGenericTypeDefinition() == typeof(TaskOrchestrator<,>));

    private static string Name(MethodInfo function) => function.GetCustomAttribute<FunctionAttribute>()!.Name;

    private static ParameterInfo? Trigger<T>(MethodInfo function)
        where T : Attribute => function.GetParameters().SingleOrDefault(parameter => parameter.GetCustomAttribute<T>() is not null);

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex FunctionName();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]{0,127}$")]
    private static partial Regex BindingName();
}
