using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The one document that <c>plan --json</c> prints; the same is printed as text otherwise.</summary>
internal sealed record PlanResult
{
    public const string CurrentSchema = "captureflow.plan/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>0 when at least one pod could be captured in; 3 when none; 6 without an answer; 9 when a check has none.</summary>
    public required int ExitCode { get; init; }

    /// <summary>One for each pod; of a pod that was named by the user, without its name.</summary>
    public IReadOnlyList<PlannedOrder> Pods { get; init; } = [];

    public IReadOnlyList<LeftOutPod> LeftOut { get; init; } = [];

    /// <summary>What is against the order as a whole.</summary>
    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    /// <summary>The names of the checks that got no answer.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<string> Unchecked => NotAnswered(Pods);

    /// <summary>Why there is no answer.</summary>
    public string? Problem { get; init; }

    public static PlanResult Of(PlannedOrder? planned, ApiProblem? problem) => (planned, problem) switch
    {
        ({ Pods: { } pods }, _) => new() { ExitCode = Of(pods), Pods = pods, LeftOut = planned.LeftOut ?? [] },
        ({ } one, _) => new() { ExitCode = Of([one]), Pods = [one] },
        (_, { Checks.Count: > 0 } refused) => new() { ExitCode = ExitCodes.Refused, Pods = [new() { Checks = refused.Checks, Faults = refused.Errors }] },
        (_, { Passing: false } refused) => new() { ExitCode = ExitCodes.Refused, Faults = refused.Errors, Problem = refused.Errors.Count > 0 ? null : refused.Detail },
        (_, { } away) => new() { ExitCode = ExitCodes.HostUnavailable, Faults = away.Errors, Problem = away.Detail },
        _ => new() { ExitCode = ExitCodes.HostUnavailable, Problem = "There was no answer." },
    };

    private static int Of(IEnumerable<PlannedOrder> pods) => NotAnswered(pods).Any() ? ExitCodes.Unchecked : ExitCodes.Complete;

    private static IEnumerable<string> NotAnswered(IEnumerable<PlannedOrder> pods) =>
        pods.SelectMany(pod => pod.Checks).Where(check => check.Outcome == PreflightOutcome.Unknown).Select(check => check.Name).Distinct();
}
