using System.Diagnostics;
using System.Text.RegularExpressions;
using CaptureFlow.Functions.Tests.Telemetry;
using YamlDotNet.RepresentationModel;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>The GitHub Action and the Argo template, run against the host as their runners would run them.</summary>
public sealed partial class PipelineTests(ApiHost host) : IClassFixture<ApiHost>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-pipelines-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    // What stands in for the cluster gives a file that is Lossy.
    [InlineData("Partial", 0)]
    [InlineData("Partial,Lossy", 2)]
    [InlineData("none", 0)]
    public async Task GitHubAction_ACapture_LeavesItsOutputsAndFailsOnTheVerdictsThatItIsToldTo(string failOn, int expected)
    {
        var (exit, output, answers) = await ActAsync("shop/web", failOn);

        Assert.True(exit == expected, output);
        var id = answers["id"];
        Assert.Equal(
            ("completed", "Lossy", "true", $"{Server}/api/captures/{id}/files/capture.pcap"),
            (answers["status"], answers["verdict"], answers["proven"], answers["link"]));
        Assert.Equal(FakeSite.File, await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "capture.pcap")));
        // Each output that the action declares is one that its step gives.
        Assert.Equal(Outputs().Order(StringComparer.Ordinal), answers.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task GitHubAction_RunAgainWithinTheAttempt_JoinsItsCapture()
    {
        var (_, _, first) = await ActAsync("""{"pod":"shop/web"}""", "Partial");
        var (_, _, again) = await ActAsync("""{"pod":"shop/web"}""", "Partial");

        Assert.Equal(first["id"], again["id"]);
    }

    [Fact]
    public async Task GitHubAction_RefusedCapture_FailsWithTheReasonAndSaysHowItEnded()
    {
        var (exit, output, answers) = await ActAsync("shop/refused", "none");

        Assert.Equal(1, exit);
        Assert.Contains(Make.Fault.Remedy, output, StringComparison.Ordinal);
        Assert.Equal(("refused", "none", "false"), (answers["status"], answers["verdict"], answers["proven"]));
    }

    // What an expression puts into a script is run with it: inputs come through the environment, where they are only read.
    [Fact]
    public void GitHubAction_ItsScript_HasNoExpression()
    {
        var step = Step();

        Assert.DoesNotContain("${{", $"{step["run"]}", StringComparison.Ordinal);
        Assert.All(
            Inputs(),
            input => Assert.Contains(((YamlMappingNode)step["env"]).Children.Values, value => $"{value}" == $"${{{{ inputs.{input} }}}}"));
    }

    [Fact]
    public async Task ArgoTemplate_ItsContainer_CapturesAndLeavesTheOutputsThatItNames()
    {
        var root = Yaml(Repository.Path("docs", "examples", "argo-workflow-template.yaml"));
        var template = ((YamlSequenceNode)root["spec"]["templates"]).Single();
        var container = template["container"];
        Dictionary<string, string> given = new()
        {
            ["inputs.parameters.server"] = Server, ["inputs.parameters.target"] = "shop/web", ["inputs.parameters.window"] = "1s",
            ["inputs.parameters.fail-on"] = "Partial", ["workflow.uid"] = "u-1", ["pod.name"] = "captureflow-x",
        };
        var environment = ((YamlSequenceNode)container["env"]).ToDictionary(
            variable => $"{variable["name"]}",
            variable => ((YamlMappingNode)variable).Children.TryGetValue("value", out var value) ? Here(Braces().Replace($"{value}", match => given[match.Groups[1].Value])) : "none is needed here");
        string[] command =
        [
            .. ((YamlSequenceNode)container["command"]).Select(word => $"{word}".Replace("/script", Repository.Path("docs", "examples"), StringComparison.Ordinal)),
            .. ((YamlSequenceNode)container["args"]).Select(word => Here(Dollars().Replace($"{word}", match => environment[match.Groups[1].Value]))),
        ];

        var (exit, output) = await RunAsync(command, environment);

        Assert.True(exit == 0, output);
        Assert.Contains("verdict=Lossy", await File.ReadAllTextAsync(Here($"{Only(template, "parameters")["valueFrom"]["path"]}")), StringComparison.Ordinal);
        Assert.Equal(FakeSite.File, await File.ReadAllBytesAsync(Here($"{Only(template, "artifacts")["path"]}")));
    }

    private string Server => host.Url.ToString().TrimEnd('/');

    private string Here(string path) => path.Replace("/tmp/", $"{_folder.FullName}/", StringComparison.Ordinal);

    private static YamlNode Only(YamlNode template, string kind) => ((YamlSequenceNode)template["outputs"][kind]).Single();

    private static YamlNode Action() => Yaml(Repository.Path(".github", "actions", "capture", "action.yml"));

    private static YamlNode Step() => ((YamlSequenceNode)Action()["runs"]["steps"]).Single();

    private static IEnumerable<string> Inputs() => ((YamlMappingNode)Action()["inputs"]).Children.Keys.Select(name => $"{name}");

    private static IEnumerable<string> Outputs() => ((YamlMappingNode)Action()["outputs"]).Children.Keys.Select(name => $"{name}");

    private static YamlNode Yaml(string file)
    {
        YamlStream yaml = [];
        using var reader = File.OpenText(file);
        yaml.Load(reader);
        return yaml.Documents[0].RootNode;
    }

    /// <summary>Runs the action's step as a runner does: defaults where nothing is given, and the variables that every step has.</summary>
    private async Task<(int Exit, string Output, Dictionary<string, string> Answers)> ActAsync(string target, string failOn)
    {
        var (action, step) = (Action(), Step());
        Dictionary<string, string> given = new() { ["server"] = Server, ["target"] = target, ["fail-on"] = failOn, ["window"] = "1s" };
        var outputs = Path.Combine(_folder.FullName, "outputs");
        File.Delete(outputs);
        var environment = ((YamlMappingNode)step["env"]).Children.ToDictionary(
            variable => $"{variable.Key}",
            variable => Expression().Match($"{variable.Value}").Groups[1].Value is var input && given.TryGetValue(input, out var value) ? value : $"{action["inputs"][input]["default"]}");
        foreach (var (name, value) in new (string, string)[]
        {
            ("GITHUB_OUTPUT", outputs), ("GITHUB_RUN_ID", $"{Environment.ProcessId}"), ("GITHUB_RUN_ATTEMPT", $"{failOn}{target.Length}"), ("GITHUB_JOB", "smoke"),
            ("GITHUB_ACTION", "__capture"), ("GITHUB_ACTION_PATH", Repository.Path(".github", "actions", "capture")),
        })
        {
            environment[name] = value;
        }

        var (exit, output) = await RunAsync(["bash", "-e", "-o", "pipefail", "-c", $"{step["run"]}"], environment);
        return (exit, output, (await File.ReadAllLinesAsync(outputs)).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]));
    }

    private async Task<(int Exit, string Output)> RunAsync(string[] command, Dictionary<string, string> environment)
    {
        Needs.Packages("curl", "jq");
        ProcessStartInfo start = new(command[0], command[1..]) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, string.Concat(texts));
    }

    [GeneratedRegex(@"^\$\{\{ inputs\.([a-z-]+) \}\}$")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\{\{([a-z.-]+)\}\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\$\(([A-Z]+)\)")]
    private static partial Regex Dollars();
}
