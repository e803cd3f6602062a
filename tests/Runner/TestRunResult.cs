using System.Globalization;

namespace CaptureFlow.TestRunner;

/// <summary>What a run came to.</summary>
internal sealed record TestRunResult(IReadOnlyList<TestReport> Reports)
{
    /// <summary>More flaky tests than these are a fault of the tests.</summary>
    public const int MostFlaky = 2;

    public IReadOnlyList<TestResult> Results { get; } = [.. Reports.SelectMany(it => it.Results)];

    /// <summary>A flaky test has passed in the end.</summary>
    public int Passed => Results.Count(it => it.Outcome is TestOutcome.Passed or TestOutcome.Flaky);

    public int Skipped => Results.Count(it => it.Outcome == TestOutcome.Skipped);

    public int Failed => Results.Count(it => it.Outcome == TestOutcome.Failed) + Broken.Count;

    /// <summary>What is wrong and is no test.</summary>
    public IReadOnlyList<string> Broken =>
    [
        .. Reports.SelectMany(it => it.Broken),
        .. Results.Count == 0 && Reports.All(it => it.Broken.Count == 0) ? ["no test was run"] : Array.Empty<string>(),
        .. Results.Count(it => it.Outcome == TestOutcome.Flaky) is > MostFlaky and var flaky ? [$"{flaky} tests were flaky, and at most {MostFlaky} may be"] : Array.Empty<string>(),
    ];

    /// <summary>Writes <c>results.tsv</c>: outcome, seconds, project, name, and the message or the reason.</summary>
    public Task WriteAsync(string folder) => File.WriteAllLinesAsync(
        Path.Combine(folder, "results.tsv"),
        Reports.SelectMany(report => report.Results.Select(it =>
            string.Create(CultureInfo.InvariantCulture, $"{it.Outcome}\t{it.Seconds:0.000}\t{report.Project}\t{Field(it.Name)}\t{Field(it.Words)}"))));

    private static string Field(string text) => text.Replace('\t', ' ').Replace('\n', ' ').Replace('\r', ' ');
}
