using System.Reflection;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Tests.Durable;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Tests.Access;

/// <summary>No HTTP function forgets to ask who is there.</summary>
public sealed class AccessEverywhereTests
{
    /// <summary>They answer everybody, or authenticate their senders themselves.</summary>
    private static readonly string[] Open = ["Alert", "Health", "OpenApi"];

    public static TheoryData<string> Functions => [.. Http().Select(function => function.Name).Except(Open)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void HttpFunction_ThatTakesAKey_AsksTheGate(string name) =>
        Assert.Contains(CalledMethods.From(MethodOf(name)).Keys, called => called.DeclaringType == typeof(AccessGate) && called.Name == nameof(AccessGate.Refusal));

    [Fact]
    public void HttpFunctions_ThatAskNobody_AreTheseAlone() => Assert.Equal(
        Open, Http().Select(function => function.Name).Except(Functions.Select(row => row.Data)).Order(StringComparer.Ordinal));

    // With App Service authentication the Functions host would want its own key on top of the token (azure-functions-host#11394).
    [Fact]
    public void HttpFunctions_All_AreAnonymousToTheFunctionsHost() => Assert.All(Http(), function => Assert.Equal(AuthorizationLevel.Anonymous, function.Level));

    private static MethodInfo MethodOf(string name) => Http().Single(function => function.Name == name).Method;

    private static IEnumerable<(string Name, MethodInfo Method, AuthorizationLevel Level)> Http() =>
        from type in typeof(AddCaptureFlowExtensions).Assembly.GetTypes()
        from method in type.GetMethods()
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        select (method.GetCustomAttribute<FunctionAttribute>()!.Name, method, trigger.AuthLevel);
}
