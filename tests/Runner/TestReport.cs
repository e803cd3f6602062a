using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace CaptureFlow.TestRunner;

/// <summary>What a run of one assembly came to, read from the XML report that xUnit writes.</summary>
/// <param name="Project">Its name, without what all of them share.</param>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="Results">Of its tests; those that are only run on demand are left out.</param>
/// <param name="Broken">What broke beside the tests: no report, an error in a clean-up, an exit code that no failed test explains; empty when nothing did.</param>
internal sealed record TestReport(string Project, double Seconds, IReadOnlyList<TestResult> Results, IReadOnlyList<string> Broken)
{
    /// <summary>
    /// Reads the XML file. One that is missing or cut off is named in <see cref="Broken"/>, with the last line that the run printed to its log.
    /// </summary>
    public static TestReport Read(string project, double seconds, int exitCode, string report, string log)
    {
        if (!File.Exists(report) || new FileInfo(report).Length == 0)
        {
            return new(project, seconds, [], [$"{project} ended with exit code {exitCode} and no report: {LastLine(log)}"]);
        }

        XElement root;
        try
        {
            using var file = File.OpenRead(report);
            root = XElement.Load(file);
        }
        catch (System.Xml.XmlException)
        {
            return new(project, seconds, [], [$"{project} ended with exit code {exitCode} and half a report: {LastLine(log)}"]);
        }

        List<TestResult> results = [.. root.Descendants("test").Select(ResultOf).OfType<TestResult>()];
        List<string> broken = [.. root.Descendants("error").Select(error => $"{project}, {(string?)error.Attribute("name") ?? (string?)error.Attribute("type")}: {FirstLine((string?)error.Descendants("message").FirstOrDefault())}")];
        if (exitCode != 0 && broken.Count == 0 && results.TrueForAll(it => it.Outcome != TestOutcome.Failed))
        {
            broken.Add($"{project} ended with exit code {exitCode}: {LastLine(log)}");
        }

        return new(project, seconds, results, broken);
    }

    /// <summary>The last line of a file that says anything.</summary>
    public static string LastLine(string file) =>
        (File.Exists(file) ? File.ReadLines(file).LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) : null)?.Trim() ?? "it printed nothing";

    // Null for a test that did not run: one that is only for those who ask for it by name.
    private static TestResult? ResultOf(XElement test)
    {
        (TestOutcome Outcome, string Words)? it = (string?)test.Attribute("result") switch
        {
            "Pass" => (TestOutcome.Passed, ""),
            "Fail" => (TestOutcome.Failed, FirstLine((string?)test.Descendants("message").FirstOrDefault())),
            "Skip" => (TestOutcome.Skipped, FirstLine((string?)test.Element("reason"))),
            "NotRun" => null,
            var other => throw new InvalidDataException($"xUnit's report has a result '{other}', which this runner does not know."),
        };
        return it is var (outcome, words)
            ? new(
                Unescaped((string?)test.Attribute("name") ?? ""),
                (string?)test.Attribute("type") ?? "",
                (string?)test.Attribute("method") ?? "",
                outcome,
                double.Parse((string?)test.Attribute("time") ?? "0", CultureInfo.InvariantCulture),
                words)
            : null;
    }

    private static string FirstLine(string? message) =>
        message?.Split('\n').Select(line => Unescaped(line.Trim())).FirstOrDefault(line => line.Length > 0) ?? "without a message";

    // The report writes a backslash before quotation marks and backslashes.
    private static string Unescaped(string name)
    {
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '\\' && i + 1 < name.Length && name[i + 1] is '"' or '\\')
            {
                i++;
            }

            text.Append(name[i]);
        }

        return text.ToString();
    }
}
