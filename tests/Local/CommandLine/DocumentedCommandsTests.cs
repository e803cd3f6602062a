using System.Text.RegularExpressions;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary>Every command line that README and docs print, held against the script and the program.</summary>
public sealed partial class DocumentedCommandsTests
{
    /// <summary>What the script does itself.</summary>
    internal static readonly string[] OfTheScript = ["test", "faults", "bench", "help"];

    /// <summary>Words in capitals that stand for a value, where a value has a form of its own.</summary>
    private static readonly Dictionary<string, string> Values = new()
    {
        ["URL"] = "http://127.0.0.1:7071", ["NS"] = "shop", ["POD"] = "web", ["NAME"] = "web", ["deployment/NAME"] = "deployment/web", ["PORT"] = "8080", ["EXPR"] = "tcp",
        ["SIZE"] = "1MiB", ["N|full"] = "full", ["N"] = "3", ["ID"] = FakeServer.Id,
    };

    public static TheoryData<string> Lines
    {
        get
        {
            var root = Folder();
            TheoryData<string> lines = [];
            foreach (var file in Directory.EnumerateFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories).Append(Path.Combine(root, "README.md")))
            {
                foreach (Match line in CommandLine().Matches(File.ReadAllText(file)))
                {
                    // In a sentence it is about the command and the options that it names.
                    lines.Add(line.Groups["line"].Value.Trim() + (line.Value.StartsWith('`') && !line.Value.EndsWith('…') ? " …" : ""));
                }
            }

            return [.. lines.Select(row => row.Data).Distinct()];
        }
    }

    [Fact]
    public void Lines_OfReadmeAndDocs_AreFound()
    {
        var lines = Lines.Select(row => row.Data).ToList();

        Assert.True(lines.Count >= 20, string.Join('\n', lines));
        Assert.Contains("plan -n shop web", lines);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Line_AsPrinted_IsOneThatTheProgramTakes(string line)
    {
        var words = Words(line);
        if (OfTheScript.Contains(words[0]))
        {
            return;
        }

        // What is cut short may lack an argument.
        var parsed = CaptureFlowCommand.Build(new()).Parse(words[^1] == "…" ? [words[0], "--help", .. words[1..^1]] : words);

        Assert.NotEqual("captureflow", parsed.CommandResult.Command.Name);
        Assert.Empty(parsed.UnmatchedTokens);
        Assert.True(words[^1] == "…" || parsed.Errors.Count == 0, string.Join('\n', parsed.Errors.Select(error => error.Message)));
    }

    /// <summary>Remedies are commands that work as printed: the folder that kubectl is to apply has a kustomization.</summary>
    [Fact]
    public void Manifests_ThatAreToBeApplied_AreThere()
    {
        var root = Folder();
        var texts = ((string[])["docs", "infra", "local", "sites", "functions", "orchestrations"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root, folder), "*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".md" && !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Append(Path.Combine(root, "README.md"));

        var folders = texts.SelectMany(file => Applied().Matches(File.ReadAllText(file)).Select(match => match.Groups["folder"].Value)).Distinct().ToList();

        Assert.Contains("infra/kubernetes/all-namespaces", folders);
        Assert.All(folders, folder => Assert.True(folder.EndsWith('…') || File.Exists(Path.Combine(root, folder, "kustomization.yaml")), folder));
    }

    // As a shell would read it, with what may be left out, and a value for each word that stands for one.
    internal static string[] Words(string line) =>
    [
        .. Word().Matches(line.Replace("[", "", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal))
            .Select(word => word.Value.Trim('\''))
            .Select(word => Values.GetValueOrDefault(word, word)),
    ];

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CaptureFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CaptureFlow.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }

    // A line of its own, or code within a sentence; a comment, or what the shell does with it, is not the program's.
    [GeneratedRegex(@"(?:^ {4}(?:\./)?captureflow|`(?:\./)?captureflow) (?<line>[a-z](?:'[^']*'|[^`\n#&|<>(']|(?<=N)\|(?=full))*)", RegexOptions.Multiline)]
    private static partial Regex CommandLine();

    [GeneratedRegex(@"kubectl apply -k (?<folder>infra/[a-z/…-]+)")]
    private static partial Regex Applied();

    [GeneratedRegex(@"'[^']*'|\S+")]
    private static partial Regex Word();
}
