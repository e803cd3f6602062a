using System.Text.RegularExpressions;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary>Tests are skipped in one place alone, and for the packages of one list: read from the sources of all tests.</summary>
public sealed partial class SkippedTestsTests
{
    private static readonly string Tests = Path.Combine(Path.GetDirectoryName(EntryScriptTests.Script())!, "tests");

    private static readonly string[][] List =
    [
        .. File.ReadLines(Path.Combine(Tests, "debian-packages.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t')),
    ];

    private static readonly (string File, string Text)[] Sources =
    [
        .. Directory.EnumerateFiles(Tests, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Tests, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"))
            .Select(file => (file, File.ReadAllText(Path.Combine(Tests, file)))),
    ];

    /// <summary>What <c>Needs</c> is asked for, and where; a name that is no literal counts as what it is.</summary>
    private static readonly (string File, string Package)[] Needed =
    [
        .. from source in Sources
           from call in Calls().Matches(source.Text)
           from argument in call.Groups["one"].Success ? [call.Groups["one"].Value] : call.Groups["all"].Value.Split(',')
           select (source.File, argument.Trim()),
    ];

    [Fact]
    public void Skips_InAllTests_AreInOnePlace()
    {
        var skipping = Sources.Where(source => Skips().IsMatch(source.Text)).Select(source => source.File);

        Assert.Equal([Path.Combine("Shared", "Needs.cs")], skipping);
    }

    [Fact]
    public void Packages_ThatTestsNeed_AreOnTheList()
    {
        var listed = List.Select(line => $"\"{line[0]}\"").ToHashSet();

        Assert.NotEmpty(Needed);
        Assert.All(Needed, needed => Assert.True(listed.Contains(needed.Package), $"{needed.File} needs {needed.Package}, which is not on the list"));
    }

    [Fact]
    public void Packages_OnTheList_AreNeededByTheDemoOrATest()
    {
        Assert.All(List, line =>
        {
            Assert.True(
                line is [_, _, "demo" or "test" or "demo,test", "-" or "service"],
                $"not a line of the list: {string.Join(' ', line)}");
            Assert.True(line[2] != "test" || Needed.Any(needed => needed.Package == $"\"{line[0]}\""), $"nothing needs {line[0]}");
        });
        Assert.Equal(List.Length, List.DistinctBy(line => line[0]).Count());
    }

    [GeneratedRegex(@"\bAssert\s*\.\s*Skip\w*\s*\(|\bSkip(?:Unless|When|Exceptions|Type)?\s*=[^=>]|\bSkipException\b|Dynamic[S]kip")]
    private static partial Regex Skips();

    [GeneratedRegex(@"\bNeeds\s*\.\s*(?:Packages\((?<all>[^)]*)\)|InstalledBy\((?<one>[^,]*),)")]
    private static partial Regex Calls();
}
