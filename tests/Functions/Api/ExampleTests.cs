using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using CaptureFlow.Functions.Tests.Telemetry;
using YamlDotNet.RepresentationModel;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>The examples in docs/examples, run against the host as a reader would run them.</summary>
public sealed class ExampleTests(ApiHost host) : IClassFixture<ApiHost>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-examples-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Curl_ACapture_IsFetchedAndChecked()
    {
        var (exit, output) = await RunScriptAsync([Example("capture.sh"), "shop/web", "1s", "web.pcap"]);

        Assert.True(exit == 0, output);
        Assert.Contains($"Lossy: 1 packets, {FakeSite.File.Length} bytes", output, StringComparison.Ordinal);
        Assert.Equal(FakeSite.File, await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "web.pcap")));
    }

    [Fact]
    public async Task Curl_RefusedOrMisspelt_FailsWithTheReason()
    {
        var refused = await RunScriptAsync([Example("capture.sh"), "shop/refused", "1s"]);
        var wrong = await RunScriptAsync([Example("capture.sh"), "shop/web", "soon"]);

        Assert.Equal(1, refused.Exit);
        Assert.Contains($"refused\n{Make.Fault.Message} {Make.Fault.Remedy}", refused.Output, StringComparison.Ordinal);
        Assert.NotEqual(0, wrong.Exit);
    }

    [Fact]
    public async Task GitHubActions_ItsSteps_StartAndFetchOneCapture()
    {
        var (start, fetch) = (Step("Start a capture"), Step("End the capture and fetch it"));
        var outputs = Path.Combine(_folder.FullName, "outputs");
        Dictionary<string, string> run = new() { ["POD"] = "shop/web", ["GITHUB_OUTPUT"] = outputs, ["GITHUB_RUN_ID"] = "1", ["GITHUB_RUN_ATTEMPT"] = "1", ["status"] = "planning" };

        var started = await RunScriptAsync(["-c", start], run);
        var again = await RunScriptAsync(["-c", start], run);
        var ids = await File.ReadAllLinesAsync(outputs);
        var fetched = await RunScriptAsync(["-c", fetch], new() { ["ID"] = ids[0]["id=".Length..] });

        Assert.True(started.Exit == 0 && again.Exit == 0, started.Output + again.Output);
        Assert.Single(ids.Distinct());
        Assert.True(fetched.Exit == 0, fetched.Output);
        Assert.Equal(FakeSite.File, await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "capture.pcap")));
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.FullName, "manifest.json")));
        Assert.Equal("captureflow.manifest/1", manifest.RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public async Task Runbook_ACapture_IsReturned()
    {
        var powerShell = typeof(ExampleTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PowerShell").Value!;

        var (exit, output) = await RunAsync("dotnet", [powerShell, "-NoProfile", "-File", Example("runbook.ps1"), "-Pod", "shop/web", "-Duration", "1s"]);

        Assert.True(exit == 0, output);
        Assert.Contains("Lossy", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runbook_WhatItNames_IsInTheContract()
    {
        var script = await File.ReadAllTextAsync(Example("runbook.ps1"));
        var capture = host.Document.Document.Components.Schemas["Capture"].ActualProperties.Keys;

        Assert.All(Regex.Matches(script, @"\$url(/api/[a-z/]+)(\$\(\$accepted\.id\))?"), call =>
            Assert.NotNull(host.Document.Find(call.Groups[2].Success ? "GET" : "POST", call.Groups[1].Value + (call.Groups[2].Success ? "cf-0000000000000000" : ""))));
        Assert.All(Regex.Matches(script, @"\$capture\.([a-z]+)"), field => Assert.Contains(field.Groups[1].Value, capture));
        Assert.All(
            Regex.Match(script, "-in (.+)\\)").Groups[1].Value.Split(", ").Select(word => word.Trim('\'')),
            word => Assert.Contains(word, host.Document.Document.Components.Schemas["Status"].Enumeration));
    }

    private static string Example(string name) => Repository.Path("docs", "examples", name);

    /// <summary>The script of a step of the workflow.</summary>
    private static string Step(string name)
    {
        YamlStream yaml = [];
        using var reader = File.OpenText(Example("github-actions.yml"));
        yaml.Load(reader);
        var steps = (YamlSequenceNode)yaml.Documents[0].RootNode["jobs"]["smoke-test"]["steps"];
        return ((YamlScalarNode)steps.Single(step => step is YamlMappingNode map && map.Children.TryGetValue("name", out var given) && $"{given}" == name)["run"]).Value!;
    }

    private async Task<(int Exit, string Output)> RunScriptAsync(IEnumerable<string> arguments, Dictionary<string, string>? environment = null)
    {
        Needs.Packages("curl", "jq");
        return await RunAsync("bash", arguments, environment);
    }

    private async Task<(int Exit, string Output)> RunAsync(string program, IEnumerable<string> arguments, Dictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in (environment ?? []).Append(new("CAPTUREFLOW_URL", host.Url.ToString().TrimEnd('/'))).Append(new("CAPTUREFLOW_KEY", "none is needed here")))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, string.Concat(texts));
    }
}
