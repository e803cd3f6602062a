using System.Reflection;
using System.Text.RegularExpressions;
using CaptureFlow.Functions.Orchestrators;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Tests.Durable;

/// <summary>
/// Orchestrators are run again from the start at every event, so what they call has to come out the same each time. What the Durable analyzers
/// refuse (DURABLE0001 to 0006, 0009 to 0011), and what they do not know of, followed through every helper.
/// </summary>
public sealed partial class DeterminismTests
{
    /// <summary>Type, and the members that are refused; none stands for all of them.</summary>
    private static readonly Dictionary<string, string[]> Refused = new()
    {
        ["System.DateTime"] = ["get_Now", "get_UtcNow", "get_Today"],
        ["System.DateTimeOffset"] = ["get_Now", "get_UtcNow"],
        ["System.TimeProvider"] = [],
        ["System.Diagnostics.Stopwatch"] = [],
        ["System.Guid"] = ["NewGuid", "CreateVersion7"],
        ["System.Random"] = [],
        ["System.Security.Cryptography.RandomNumberGenerator"] = [],
        ["System.Threading.Tasks.Task"] = ["Delay", "Run", "ContinueWith", "Yield", "ConfigureAwait", "Wait"],
        ["System.Threading.Tasks.Task`1"] = ["ContinueWith", "ConfigureAwait", "get_Result"],
        ["System.Threading.Tasks.TaskFactory"] = [],
        ["System.Threading.Tasks.Parallel"] = [],
        ["System.Threading.Thread"] = [],
        ["System.Threading.ThreadPool"] = [],
        ["System.Threading.Timer"] = [],
        ["System.Threading.CancellationTokenSource"] = ["CancelAsync", "CancelAfter"],
        ["System.Environment"] = ["GetEnvironmentVariable", "GetEnvironmentVariables", "ExpandEnvironmentVariables", "get_MachineName", "get_TickCount", "get_TickCount64", "get_ProcessId"],
        ["System.Console"] = [],
        ["Microsoft.DurableTask.TaskOrchestrationContext"] = ["GetInput"],
        ["Microsoft.Extensions.Logging.ILoggerFactory"] = [],
        ["Microsoft.Extensions.Logging.LoggerFactoryExtensions"] = [],
    };

    /// <summary>I/O, whoever's; and metrics and traces, which a replay would tell again.</summary>
    private static readonly string[] RefusedNamespaces =
    [
        "System.IO", "System.Net", "System.Data", "System.Diagnostics.Metrics", "System.Timers", "Microsoft.Data", "Microsoft.Extensions.Configuration", "Azure", "k8s", "Google",
        "Renci", "OpenTelemetry",
    ];

    public static TheoryData<string> Orchestrators => [.. Roots().Select(root => root.DeclaringType!.Name)];

    [Theory]
    [MemberData(nameof(Orchestrators))]
    public void Orchestrator_EverythingItCalls_ComesOutTheSameAgain(string type)
    {
        var root = Roots().Single(candidate => candidate.DeclaringType!.Name == type);

        var calls = CalledMethods.From(root);

        Assert.Contains(calls.Keys, called => called.DeclaringType == typeof(TaskOrchestrationContext));
        Assert.Empty(calls.Where(call => IsRefused(call.Key)).Select(call => $"{Describe(call.Value)} calls {Describe(call.Key)}"));
    }

    [Fact]
    public void Walk_ImpureOrchestrator_IsSeenThroughHelperLambdaAndStateMachine()
    {
        var calls = CalledMethods.From(typeof(ImpureOrchestrator).GetMethod(nameof(ImpureOrchestrator.RunAsync))!);

        var refused = calls.Keys.Where(IsRefused).Select(called => called.Name);

        Assert.Equal(["Delay", "GetUtcNow", "NewGuid", "ReadAllText", "get_System"], refused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Orchestrations_Loops_AllHaveAnEnd()
    {
        var files = Directory.GetFiles(Repository.Path("orchestrations"), "*.cs", SearchOption.AllDirectories);

        // DURABLE0011: a loop without one needs ContinueAsNew, or its history grows for ever.
        Assert.DoesNotContain(files, file => Endless().IsMatch(File.ReadAllText(file)));
    }

    private static IEnumerable<MethodInfo> Roots() => typeof(CaptureOrchestratorFunction).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetParameters().Any(parameter => parameter.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null));

    private static bool IsRefused(MethodBase called)
    {
        var type = called.DeclaringType!;
        var name = $"{type.Namespace}.{type.Name}";
        return (Refused.TryGetValue(name, out var members) && (members.Length == 0 || members.Contains(called.Name)))
            || RefusedNamespaces.Any(space => type.Namespace == space || type.Namespace?.StartsWith($"{space}.", StringComparison.Ordinal) == true);
    }

    private static string Describe(MethodBase method) => $"{method.DeclaringType?.FullName}.{method.Name}";

    [GeneratedRegex(@"while\s*\(\s*true\s*\)|for\s*\(\s*;\s*;")]
    private static partial Regex Endless();

#pragma warning disable DURABLE0001, DURABLE0002, DURABLE0003 // on purpose: the test below must find them
    /// <summary>Everything that an orchestrator must not do.</summary>
    private sealed class ImpureOrchestrator : TaskOrchestrator<string, string>
    {
        public override async Task<string> RunAsync(TaskOrchestrationContext context, string input)
        {
            await Task.Delay(1);
            return string.Concat(new[] { input }.Select(name => Helper<int>(name) + TimeProvider.System.GetUtcNow()));
        }

        private static string Helper<T>(string name) => File.ReadAllText(name) + Guid.NewGuid() + typeof(T);
    }
#pragma warning restore DURABLE0001, DURABLE0002, DURABLE0003
}
