using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

/// <summary>Whatever ends the sandbox, nothing of it is left.</summary>
public sealed class EndingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("stdin")]
    public async Task Serve_Ended_LeavesNoProcessMountOrNamespace(string how)
    {
        ClusterFixture.RequireMachine();
        var before = await MachineAsync();
        var folder = Directory.CreateTempSubdirectory("captureflow-test-");
        using var process = Start(folder.FullName, how == "stdin");
        var ready = JsonNode.Parse((await process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!);
        using var admin = ApiUser.Of(Path.Combine(folder.FullName, "admin.kubeconfig"));
        using var socket = await admin.OpenAsync(ExecClient.Path("shop", "web", "app", ["sleep", "600"]), "v4.channel.k8s.io");
        var inside = DescendantsOf(process.Id);

        if (how == "stdin")
        {
            process.StandardInput.Close();
        }
        else
        {
            await ShellAsync($"kill -{how} {process.Id}");
        }

        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.Contains(inside, item => item.Id == ready.Number("node")!.Value.ToString(CultureInfo.InvariantCulture));
        Assert.True(inside.Count >= 20, $"only {inside.Count} processes were under the sandbox");
        await GoneAsync(inside);
        Assert.Equal(before, await MachineAsync());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Serve_UnknownScenario_SaysSoAndLeavesNothing()
    {
        ClusterFixture.RequireMachine();
        var folder = Directory.CreateTempSubdirectory("captureflow-test-");

        using var process = Start(folder.FullName, untilStdinCloses: false, "--scenario", "market");
        var fault = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("There is no scenario 'market'; there are: shop, empty.", fault, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static Process Start(string folder, bool untilStdinCloses, params string[] more)
    {
        var assembly = typeof(SandboxCluster).Assembly.Location;
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string[])[assembly, "serve", "--folder", folder, .. untilStdinCloses ? ["--until-stdin-closes"] : Array.Empty<string>(), .. more])
        {
            start.ArgumentList.Add(word);
        }

        return Process.Start(start)!;
    }

    /// <summary>All descendants of the sandbox, with their start times, since an id may be used again.</summary>
    private static HashSet<(string Id, string Started)> DescendantsOf(int sandbox)
    {
        var stats = Directory.EnumerateDirectories("/proc")
            .Select(folder => Path.GetFileName(folder))
            .Where(name => name.All(char.IsAsciiDigit))
            .Select(id => (Id: id, Stat: StatOf(id)))
            .Where(item => item.Stat is not null)
            .ToDictionary(item => item.Id, item => item.Stat!);
        var found = new HashSet<string> { sandbox.ToString(CultureInfo.InvariantCulture) };
        int before;
        do
        {
            before = found.Count;
            found.UnionWith(stats.Where(item => found.Contains(item.Value[1])).Select(item => item.Key));
        }
        while (found.Count > before);

        found.Remove(sandbox.ToString(CultureInfo.InvariantCulture));
        return [.. found.Select(id => (id, stats[id][19]))];
    }

    /// <summary>The fields of /proc/ID/stat after the command: state, parent …; null when the process has gone.</summary>
    private static string[]? StatOf(string id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task GoneAsync(HashSet<(string Id, string Started)> processes)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (processes.Where(item => StatOf(item.Id) is { } stat && stat[19] == item.Started && stat[0] != "Z").ToList() is { Count: > 0 } left)
        {
            Assert.False(limit.IsCancellationRequested, $"Still there: {string.Join(", ", left.Select(item => item.Id))}");
            await Task.Delay(20);
        }
    }

    /// <summary>What the machine shows outside of the sandbox: named namespaces, interfaces and mounts.</summary>
    private static async Task<string> MachineAsync() => await ShellAsync("ip netns list; ip -o link | cut -d: -f2; cut -d' ' -f5- /proc/self/mountinfo");

    private static async Task<string> ShellAsync(string script)
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(script);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output;
    }
}
