using System.Reflection;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Tests.Durable;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Tests.Access;

/// <summary>No HTTP function forgets to ask who is there.</summary>
public sealed class AccessEverywhereTests
{
    public static TheoryData<string> Functions => [.. Http().Select(function => function.GetCustomAttribute<FunctionAttribute>()!.Name)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void HttpFunction_ThatTakesAKey_AsksTheGate(string name)
    {
        var function = Http().Single(candidate => candidate.GetCustomAttribute<FunctionAttribute>()!.Name == name);

        Assert.Contains(CalledMethods.From(function).Keys, called => called.DeclaringType == typeof(AccessGate) && called.Name == nameof(AccessGate.Refusal));
    }

    // What is anonymous to the host answers everybody, or authenticates its senders itself.
    private static IEnumerable<MethodInfo> Http() => typeof(AddCaptureFlowExtensions).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>() is { AuthLevel: not AuthorizationLevel.Anonymous }));
}
