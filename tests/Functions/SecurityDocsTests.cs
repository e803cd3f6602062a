using System.Text.RegularExpressions;

namespace CaptureFlow.Functions.Tests;

/// <summary>docs/security.md names the tests that show what holds; each of them is there.</summary>
public sealed partial class SecurityDocsTests
{
    [Fact]
    public void Tests_ThatShowWhatHolds_AreThere()
    {
        var rows = File.ReadLines(Repository.Path("docs", "security.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| threat", StringComparison.Ordinal)).ToList();
        var sources = Directory.EnumerateFiles(Repository.Path("tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .ToLookup(file => Path.GetFileNameWithoutExtension(file));

        Assert.True(rows.Count >= 20, $"{rows.Count} threats");
        foreach (var row in rows)
        {
            var named = TestName().Matches(row).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).ToList();
            Assert.True(named.Count > 0, $"Nothing shows it: {row}");
            Assert.All(named, it => Assert.True(sources[it.Class].Any(file => File.ReadAllText(file).Contains($" {it.Method}(", StringComparison.Ordinal)), $"{it.Class}.{it.Method} is no test."));
        }
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();
}
