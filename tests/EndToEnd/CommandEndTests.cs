using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>However a command ends, its rights end with it or are taken back by the next one; and no file that was captured is lost on its way.</summary>
public sealed class CommandEndTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>, IAsyncLifetime
{
    private readonly Harness.Sandbox _sandbox = fixture.Sandbox;
    private IReadOnlyList<string> _before = [];

    // What a failed test before this one has left is its fault alone.
    public async ValueTask InitializeAsync() => _before = await _sandbox.LeftOversAsync();

    public ValueTask DisposeAsync() => default;

    private string[] Order => ["capture", "-n", "shop", "client", "--duration", "5m", "--kubeconfig", _sandbox.CaptureFlowKubeconfig];

    [Theory]
    [InlineData("", " of 300.0 s")]
    [InlineData("--plain", "listening for")]
    [InlineData("--json", null)]
    public async Task Capture_TerminalGoesAwayInTheWindow_EndsAsCtrlCDoes(string view, string? shown)
    {
        using CommandRun command = new();
        var code = Path.Combine(command.Home, "code");
        // The shell stays, as the user's does, to tell what the command ended with; script holds the other end of the terminal.
        using var terminal = command.Shell($"exec script -qc \"trap : HUP; {CommandRun.Program} {string.Join(' ', Order)} {view}; echo \\$? >'{code}.new'; mv '{code}.new' '{code}'\" /dev/null");
        await TapRunsAsync();
        if (shown is not null)
        {
            // From here until its end, a plain view has nothing to write.
            await ShowsAsync(terminal, shown);
        }

        terminal.Kill();

        var ended = await Until.FoundAsync("the command ended", Until.Patience, () => Task.FromResult(File.Exists(code) ? File.ReadAllText(code) : null));
        Assert.Equal("130", ended.Trim());
        Assert.Empty(await LeftOversAsync());
        Assert.Empty(command.Runs);
    }

    [Fact]
    public async Task Capture_ReaderOfItsOutputEnds_EndsAsCtrlCDoes()
    {
        using CommandRun command = new();

        var (code, _, errors) = await CommandRun.EndAsync(command.Shell($"({CommandRun.Program} {string.Join(' ', Order)}; echo $? >&2) | head -n 1"));

        Assert.Equal((0, "130"), (code, errors.Trim()));
        Assert.Empty(await LeftOversAsync());
        Assert.Empty(command.Runs);
    }

    [Fact]
    public async Task Capture_OutputIsFull_EndsAsCtrlCDoes()
    {
        using CommandRun command = new();

        var (code, _, errors) = await CommandRun.EndAsync(command.Shell($"exec {CommandRun.Program} {string.Join(' ', Order)} >/dev/full"));

        Assert.Equal((ExitCodes.Cancelled, string.Empty), (code, errors));
        Assert.Empty(await LeftOversAsync());
    }

    [Theory]
    [InlineData(50)]
    [InlineData(250)]
    [InlineData(450)]
    [InlineData(800)]
    [InlineData(1300)]
    public async Task Capture_CtrlCWhileItStarts_NothingIsLeftAndNothingIsAStackTrace(int milliseconds)
    {
        using CommandRun command = new();
        var process = command.Start(Order);

        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TestContext.Current.CancellationToken);
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        var (code, _, errors) = await CommandRun.EndAsync(process);
        Assert.Equal(ExitCodes.Cancelled, code);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.Empty(await LeftOversAsync());
        Assert.Empty(command.Runs);
    }

    [Fact]
    public async Task Capture_KilledInTheWindow_IsTakenBackByTheNextCommandAndItsFileKept()
    {
        using CommandRun command = new();
        var kubeconfig = Path.Combine(command.Home, "kubeconfig");
        File.Copy(_sandbox.CaptureFlowKubeconfig, kubeconfig);
        using var process = command.Start([.. Order[..^1], kubeconfig]);
        var id = await ListensAsync(process);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        var look = await RunAsync(command, "audit", "--kubeconfig", kubeconfig);
        // The same kubeconfig now leads to another cluster, in which nothing of it would be found, and so everything be found gone.
        await File.WriteAllTextAsync(kubeconfig, (await File.ReadAllTextAsync(kubeconfig, TestContext.Current.CancellationToken)).Replace("127.0.0.1", "127.0.0.2", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var elsewhere = await RunAsync(command, "audit", "--take-back", "--kubeconfig", _sandbox.CaptureFlowKubeconfig);
        var still = await LeftOversAsync();
        File.Copy(_sandbox.CaptureFlowKubeconfig, kubeconfig, overwrite: true);
        var takenBack = await RunAsync(command, "audit", "--take-back", "--kubeconfig", kubeconfig);
        var gone = await LeftOversAsync();
        var downloaded = await RunAsync(command, "download", id, "-o", Path.Combine(command.Home, "files") + "/", "--json");

        Assert.Contains("ended without taking its rights back", look.Errors, StringComparison.Ordinal);
        Assert.Contains("Access is in use: 1 grant is live", look.Output, StringComparison.Ordinal);
        Assert.Contains("the configuration now leads to https://127.0.0.2", elsewhere.Errors, StringComparison.Ordinal);
        Assert.Equal(2, still.Count);
        Assert.Contains($"{id}: its rights are proven gone. Its file is kept: captureflow download {id}", takenBack.Errors, StringComparison.Ordinal);
        Assert.Contains("No standing access", takenBack.Output, StringComparison.Ordinal);
        Assert.Equal(0, takenBack.Code);
        Assert.Empty(gone);
        Delivered(downloaded.Output, Path.Combine(command.Home, "files", id + ".pcap"));
        Assert.Empty(command.Runs);
    }

    [Fact]
    public async Task Capture_NoRoomForTheFile_IsKeptAndBroughtLater()
    {
        using CommandRun command = new();
        var full = Directory.CreateDirectory(Path.Combine(command.Home, "full")).FullName;
        await MountAsync("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", full);
        (int Code, string Output, string Errors) captured;
        try
        {
            captured = await RunAsync(command, ["capture", "-n", "shop", "web", "--duration", "2s", "--kubeconfig", _sandbox.CaptureFlowKubeconfig, "-o", full, "--json"]);
        }
        finally
        {
            await MountAsync("umount", full);
        }

        var result = JsonNode.Parse(captured.Output)!;
        var id = result["id"]!.GetValue<string>();
        var kept = result["keptAt"]!.GetValue<string>();
        Assert.Equal(ExitCodes.Undelivered, captured.Code);
        Assert.Contains("the file may become 104.9 MB", captured.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(kept), kept);
        Assert.Contains($"To bring it: captureflow download {id} -o FOLDER/", result["notes"]!.AsArray().Select(note => note!.GetValue<string>()));

        var downloaded = await RunAsync(command, "download", id, "-o", Path.Combine(command.Home, "web.pcap"), "--json");

        Assert.Equal(0, downloaded.Code);
        Delivered(downloaded.Output, Path.Combine(command.Home, "web.pcap"));
        Assert.Empty(command.Runs);
        Assert.Empty(await LeftOversAsync());
    }

    private static Task<(int Code, string Output, string Errors)> RunAsync(CommandRun command, params IEnumerable<string> arguments) => CommandRun.EndAsync(command.Start(arguments));

    private static void Delivered(string json, string path)
    {
        var result = JsonNode.Parse(json)!;
        Assert.Equal(path, result["path"]?.GetValue<string>());
        Assert.Equal(result["sha256"]!.GetValue<string>(), Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
    }

    private static async Task MountAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private async Task<IReadOnlyList<string>> LeftOversAsync() => [.. (await _sandbox.LeftOversAsync()).Except(_before)];

    private static async Task ShowsAsync(Process terminal, string text)
    {
        using CancellationTokenSource deadline = new(Until.Patience);
        var seen = string.Empty;
        var buffer = new char[4096];
        while (!seen.Contains(text, StringComparison.Ordinal))
        {
            var read = await terminal.StandardOutput.ReadAsync(buffer, deadline.Token);
            Assert.NotEqual(0, read);
            // Enough to hold a text that arrives in two parts.
            seen = string.Concat(seen.AsSpan(Math.Max(0, seen.Length - text.Length)), buffer.AsSpan(0, read));
        }
    }

    /// <returns>The capture's id, once it says that its window is open.</returns>
    private static async Task<string> ListensAsync(Process process)
    {
        using CancellationTokenSource deadline = new(Until.Patience);
        var id = string.Empty;
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            id = line.EndsWith(" accepted", StringComparison.Ordinal) ? line.Split(' ')[1] : id;
            if (line.Contains("listening for", StringComparison.Ordinal))
            {
                return id;
            }
        }

        throw new EndOfStreamException("It ended before its window was open.");
    }

    /// <returns>The id of the one capture whose tap runs.</returns>
    private Task<string> TapRunsAsync() => Until.FoundAsync("the tap runs", Until.Patience, async () =>
        await LeftOversAsync() is [var grant, ..] && grant.Split('/')[1] is var id && await _sandbox.TapsAsync(id, "client") is [{ State.Running: not null }] ? id : null);
}
