using System.Globalization;
using System.Text;

namespace CaptureFlow.TestRunner;

/// <summary>What a run came to, in words: times first, what is wrong last, since the end of a long output is what is read.</summary>
internal static class TestSummary
{
    private const int Slowest = 10;

    // Whoever has only the last forty lines still has all of these.
    private const int MostFailures = 25;

    private const int Width = 240;

    public static string Of(TestRunResult run)
    {
        var text = new StringBuilder();
        text.Append("\nThe slowest classes, in seconds of their tests:\n");
        foreach (var it in run.Results.GroupBy(it => it.Class).Select(it => (it.Key, Seconds: it.Sum(test => test.Seconds))).OrderByDescending(it => it.Seconds).Take(Slowest))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {it.Seconds,6:0.0}  {it.Key}\n");
        }

        foreach (var reason in run.Results.Where(it => it.Outcome == TestOutcome.Skipped).GroupBy(it => it.Words))
        {
            var classes = reason.GroupBy(it => Short(it.Class)).Select(it => $"{it.Key} {it.Count()}");
            text.Append(CultureInfo.InvariantCulture, $"SKIPPED: {reason.Count()}, {reason.Key}: {string.Join(", ", classes)}\n");
        }

        Append(text, "FLAKY", [.. run.Results.Where(it => it.Outcome == TestOutcome.Flaky).Select(it => $"{it.Name}: {it.Words}")]);
        Append(text, "FAILED", [.. run.Results.Where(it => it.Outcome == TestOutcome.Failed).Select(it => $"{it.Name}: {it.Words}"), .. run.Broken]);
        text.Append(CultureInfo.InvariantCulture, $"\n{run.Passed} passed, {run.Failed} failed, {run.Skipped} skipped\n");
        return text.ToString();
    }

    /// <summary>One project's.</summary>
    public static string Line(TestReport report)
    {
        int Count(TestOutcome outcome) => report.Results.Count(it => it.Outcome == outcome);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  {report.Project,-15} {Count(TestOutcome.Passed),4} passed, {Count(TestOutcome.Failed) + report.Broken.Count} failed, {Count(TestOutcome.Skipped)} skipped in {report.Seconds:0} s");
    }

    private static void Append(StringBuilder text, string word, IReadOnlyCollection<string> lines)
    {
        foreach (var line in lines.Take(MostFailures))
        {
            text.Append(CultureInfo.InvariantCulture, $"{word}: {(line.Length > Width ? line[..Width] + "…" : line)}\n");
        }

        if (lines.Count > MostFailures)
        {
            text.Append(CultureInfo.InvariantCulture, $"{word}: … and {lines.Count - MostFailures} more, in results.tsv beside the logs\n");
        }
    }

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..];
}
