using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

/// <summary>Whatever ends the sandbox, nothing of it is left.</summary>
public sealed class EndingTests
{
    private static readonly string[] Kinds = ["net", "mnt", "pid", "uts", "ipc"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("KILL")]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("stdin")]
    public async Task Serve_Ended_LeavesNoProcessMountOrNamespace(string how)
    {
        ClusterFixture.RequireMachine();
        using var process = Start(how == "stdin" ? ["--until-stdin-closes"] : []);
        var ready = JsonNode.Parse((await process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!);
        var folder = ready.Text("folder")!;
        using var admin = ApiUser.Of(Path.Combine(folder, "admin.kubeconfig"));
        using var socket = await admin.OpenAsync(ExecClient.Path("shop", "web", "app", ["sleep", "600"]), "v4.channel.k8s.io");
        var inside = DescendantsOf(process.Id);
        var namespaces = NamespacesOf(inside);

        // A namespace outlives its processes only by a mount, and none has one even now. (Later its number may be another's.)
        var machine = await ShellAsync("cat /proc/self/mountinfo; stat -L -c 'net:[%i]' /run/netns/* 2>/dev/null");

        var ended = inside.Max(item => long.Parse(item.Started, CultureInfo.InvariantCulture));
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
        Assert.False(Directory.Exists(folder));
        Assert.True(namespaces.Count >= 15, $"only {namespaces.Count} namespaces were made");
        Assert.DoesNotContain(namespaces, item => machine.Contains(item, StringComparison.Ordinal));
        Assert.Empty(NamespacesOf(ProcessesUpTo(ended)).Intersect(namespaces));
    }

    [Fact]
    public async Task Serve_UnknownScenario_SaysSoAndLeavesNothing()
    {
        ClusterFixture.RequireMachine();
        var folder = Directory.CreateTempSubdirectory("captureflow-test-");

        using var process = Start("--folder", folder.FullName, "--scenario", "market");
        var fault = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("There is no scenario 'market'; there are: shop, empty.", fault, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Serve_ApplyAFolder_HasItsManifests()
    {
        ClusterFixture.RequireMachine();
        var manifests = Directory.CreateTempSubdirectory("captureflow-test-");
        await File.WriteAllTextAsync(Path.Combine(manifests.FullName, "a.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: made-a}\n");
        await File.WriteAllTextAsync(Path.Combine(manifests.FullName, "kustomization.yaml"), "resources: [a.yaml]\n");

        using var process = Start("--scenario", "empty", "--until-stdin-closes", "--apply", manifests.FullName);
        var ready = JsonNode.Parse((await process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!);
        using var admin = ApiUser.Of(Path.Combine(ready.Text("folder")!, "admin.kubeconfig"));
        var (status, _) = await admin.SendAsync(HttpMethod.Get, "/api/v1/namespaces/made-a");
        process.StandardInput.Close();
        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(200, status);
        manifests.Delete(recursive: true);
    }

    [Theory]
    [InlineData("nosuch", "--apply: there is no file or folder '")]
    [InlineData("empty", "--apply: the folder '")]
    [InlineData("broken.yaml", "cannot be read: ")]
    [InlineData("unknown.yaml", "The sandbox cannot hold the manifest's example.com/v1 Gadget \"x\".")]
    public async Task Serve_ApplyWhatCannotBe_SaysSoInOneLineAndLeavesNoKubeconfig(string name, string expected)
    {
        ClusterFixture.RequireMachine();
        var place = Directory.CreateTempSubdirectory("captureflow-test-");
        place.CreateSubdirectory("empty");
        await File.WriteAllTextAsync(Path.Combine(place.FullName, "broken.yaml"), "a: [b\n");
        await File.WriteAllTextAsync(Path.Combine(place.FullName, "unknown.yaml"), "apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: x}\n");

        using var process = Start("--folder", Path.Combine(place.FullName, "cluster"), "--scenario", "empty", "--apply", Path.Combine(place.FullName, name));
        var fault = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains(expected, Assert.Single(fault.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(place.FullName, "cluster")));
        place.Delete(recursive: true);
    }

    private static Process Start(params string[] more)
    {
        var assembly = typeof(SandboxCluster).Assembly.Location;
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var word in (string[])[assembly, "serve", .. more])
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

    /// <summary>The namespaces, as <c>net:[4026531840]</c>, that processes are in and this test is not.</summary>
    private static HashSet<string> NamespacesOf(IEnumerable<(string Id, string Started)> processes)
    {
        var own = LinksOf("self").ToHashSet();
        return [.. processes.SelectMany(item => LinksOf(item.Id)).Where(link => !own.Contains(link))];
    }

    private static IEnumerable<string> LinksOf(string id)
    {
        foreach (var kind in Kinds)
        {
            string? link;
            try
            {
                link = new FileInfo($"/proc/{id}/ns/{kind}").LinkTarget;
            }
            catch (IOException)
            {
                link = null;
            }

            if (link is not null)
            {
                yield return link;
            }
        }
    }

    /// <summary>The processes that started no later than a time in the kernel's ticks.</summary>
    private static IEnumerable<(string Id, string Started)> ProcessesUpTo(long time) => Directory.EnumerateDirectories("/proc")
        .Select(folder => Path.GetFileName(folder))
        .Where(name => name.All(char.IsAsciiDigit))
        .Where(id => StatOf(id) is { } stat && long.Parse(stat[19], CultureInfo.InvariantCulture) <= time && stat[0] != "Z")
        .Select(id => (id, ""));

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
