using System.Text.RegularExpressions;

namespace CaptureFlow.Orchestrations.Tests;

/// <summary>
/// A switch over one of our own enums names every member, and has no default that would take in one that is added later: the compiler then names each
/// place that has to be thought of.
/// </summary>
public sealed partial class ClosedSwitchTests
{
    private static readonly string[] Folders = ["analysis", "evidence", "functions", "local", "orchestrations", "sandbox", "sites"];

    [Fact]
    public void Switches_OverOurEnums_HaveNoDefault()
    {
        var sources = Sources().ToList();
        var enums = sources.SelectMany(source => Declared().Matches(source.Text)).Select(match => match.Groups["name"].Value).ToHashSet();

        var open = sources.SelectMany(source => Switches(source.Text)
            .Where(arms => arms.Any(arm => Member().Match(arm) is { Success: true } member && enums.Contains(member.Groups["enum"].Value)))
            .Where(arms => arms.Any(arm => Default().IsMatch(arm)))
            .Select(arms => $"{source.File}: {arms.First(arm => Default().IsMatch(arm)).Trim()}")).ToList();

        Assert.Contains("CaptureState", enums);
        Assert.True(open.Count == 0, string.Join('\n', open));
    }

    [Theory]
    [InlineData("    x switch\n    {\n        State.One => 1,\n        _ => 2,\n    };\n", true)]
    [InlineData("    switch (x)\n    {\n        case State.One:\n            break;\n        default:\n            break;\n    }\n", true)]
    [InlineData("    x switch\n    {\n        State.One => y switch\n        {\n            _ => 1,\n        },\n        State.Two => 2,\n    };\n", false)]
    public void Switch_InSource_ItsOwnArmsAreRead(string text, bool open) =>
        Assert.Equal(open, Switches(text).Any(arms => arms.Any(arm => Member().IsMatch(arm)) && arms.Any(arm => Default().IsMatch(arm))));

    /// <summary>The arms of each switch, by their indentation.</summary>
    private static IEnumerable<IReadOnlyList<string>> Switches(string text)
    {
        foreach (Match start in Begins().Matches(text))
        {
            var indent = start.Groups["indent"].Value;
            var body = text[(start.Index + start.Length)..];
            var end = body.IndexOf($"\n{indent}}}", StringComparison.Ordinal);
            yield return [.. body[..Math.Max(end, 0)].Split('\n').Where(line => line.StartsWith(indent + "    ", StringComparison.Ordinal) && line.Length > indent.Length + 4 && line[indent.Length + 4] != ' ')];
        }
    }

    private static IEnumerable<(string File, string Text)> Sources()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "CaptureFlow.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("CaptureFlow.sln is in no folder above the tests.");
        }

        return Folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root.FullName, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Select(file => (Path.GetRelativePath(root.FullName, file), File.ReadAllText(file)));
    }

    // Flags are sets of members: of those, no switch is closed.
    [GeneratedRegex(@"(?<!\[Flags\]\s+(?:public|internal|private) )\benum (?<name>\w+)")]
    private static partial Regex Declared();

    [GeneratedRegex(@"\bswitch(?: \([^\n]*\))?\n(?<indent> *)\{")]
    private static partial Regex Begins();

    [GeneratedRegex(@"^\s*(?:case )?(?:null or )?(?<enum>[A-Z]\w*)\.[A-Z]")]
    private static partial Regex Member();

    [GeneratedRegex(@"^\s*(?:_ (?:=>|when)|default:)")]
    private static partial Regex Default();
}
