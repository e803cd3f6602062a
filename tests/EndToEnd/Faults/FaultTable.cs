namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>All cases, in the order of the table.</summary>
internal static class FaultTable
{
    /// <summary>A regular expression that the names must match of those which run; unset, all run.</summary>
    private const string OnlyVariable = "CAPTUREFLOW_FAULTS";

    public static readonly IReadOnlyList<FaultCase> All =
    [
        .. KilledHosts.Cases(), .. TwoHosts.Cases(), .. ApiAnswers.Passing(), .. ApiAnswers.Refusing(), .. Clocks.Cases(), .. PodFaults.Cases(), .. TapFaults.Cases(),
        .. StoreFaults.Cases(), .. Revokes.Cases(),
    ];

    /// <summary>The name of the one test that is run by itself, as the test command's runner does with one that failed.</summary>
    private const string AloneVariable = "CAPTUREFLOW_TEST_ALONE";

    public static IEnumerable<FaultCase> Chosen() =>
        Environment.GetEnvironmentVariable(AloneVariable) is { Length: > 0 } alone ? All.Where(it => alone.Contains($"\"{it.Name}\"", StringComparison.Ordinal)) :
        Environment.GetEnvironmentVariable(OnlyVariable) is { } only ? All.Where(it => System.Text.RegularExpressions.Regex.IsMatch(it.Name, only)) : All;
}
