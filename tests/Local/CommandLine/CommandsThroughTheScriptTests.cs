using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Local.Tests.Durable;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary>
/// Every command line that README and docs print, and <c>--help</c> of every command, run through the script by the program itself: as far as one gets
/// where no cluster is configured, no server answers and no file is there. Each ends at just that, which it only comes to once it was understood.
/// </summary>
public sealed class CommandsThroughTheScriptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Nobody listens there.</summary>
    private const string Nowhere = "http://127.0.0.1:1";

    /// <summary>How a command says that it was understood, and what is missing.</summary>
    private static readonly Dictionary<string, string[]> Ends = new()
    {
        ["analyze"] = ["cannot be read: Could not find file"],
        ["capture"] = ["The cluster's configuration cannot be read."],
        ["cancel"] = [$"No CaptureFlow answers at {Nowhere}"],
        ["demo"] = ["The sandbox cluster did not start", "The kubeconfig cannot be used: there is no file"],
        ["diff"] = ["cannot be read: Could not find file"],
        ["download"] = [$"No CaptureFlow answers at {Nowhere}"],
        ["list"] = [$"No CaptureFlow answers at {Nowhere}"],
        ["plan"] = ["The cluster's configuration cannot be read."],
        ["serve"] = ["There is no settings file", "is in use by another local host"],
        ["show"] = [$"No CaptureFlow answers at {Nowhere}"],
        ["stop"] = [$"No CaptureFlow answers at {Nowhere}"],
        ["verify"] = ["There is no manifest beside"],
        ["watch"] = [$"No CaptureFlow answers at {Nowhere}"],
    };

    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_EveryPrintedLineAndEveryHelp_IsUnderstood()
    {
        Prepare();
        using var held = StateFolder.Hold(Path.Combine(_folder.Path, "state", "captureflow", "serve"));
        var printed = DocumentedCommandsTests.Lines.Select(row => DocumentedCommandsTests.Words(row.Data)).Where(words => !DocumentedCommandsTests.OfTheScript.Contains(words[0]));
        var helps = CaptureFlowCommand.Build(new()).Subcommands.Select(command => (string[])[command.Name, "--help"]);
        ConcurrentQueue<string> wrong = [];

        // What is cut short may lack an argument, also that of its last option: it asks for help before that.
        await Parallel.ForEachAsync(
            printed.Select(words => words[^1] == "…" ? [words[0], "--help", .. words[1..^1]] : words).Concat(helps).DistinctBy(words => string.Join(' ', words)),
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (words, _) =>
            {
                if (await WhyWrongAsync(words) is { } why)
                {
                    wrong.Enqueue($"captureflow {string.Join(' ', words)}: {why}");
                }
            });

        Assert.True(wrong.IsEmpty, string.Join('\n', wrong));
    }

    [Fact]
    public async Task Run_LineThatIsWrong_IsSeen()
    {
        Prepare();

        Assert.Contains("unknown command 'captrue'", await WhyWrongAsync(["captrue"]), StringComparison.Ordinal);
        Assert.Contains("--nosuch", await WhyWrongAsync(["plan", "-n", "shop", "web", "--nosuch"]), StringComparison.Ordinal);
    }

    private async Task<string?> WhyWrongAsync(string[] words)
    {
        var (code, said) = await RunAsync([.. words.Select(word => IsServer(word) ? Nowhere : word)]);
        var right = words.Contains("--help")
            ? code == ExitCodes.Complete && said.Contains($"captureflow {words[0]} ", StringComparison.Ordinal)
            : code is ExitCodes.HostUnavailable or ExitCodes.Refused && Ends.GetValueOrDefault(words[0], []).Any(end => said.Contains(end, StringComparison.Ordinal));
        return right ? null : $"exit code {code}: {said}";
    }

    // Also one that is printed as a placeholder: nothing may be asked of a name service, either.
    private static bool IsServer(string word) =>
        word.StartsWith("https://", StringComparison.Ordinal) || word.StartsWith("http://127.0.0.1:7071", StringComparison.Ordinal);

    // The script as it is, with an SDK that builds nothing and runs the program beside these tests.
    private void Prepare()
    {
        File.Copy(EntryScriptTests.Script(), Path.Combine(_folder.Path, "captureflow"));
        foreach (var folder in (string[])["work", "tests", "infra/kubernetes/base", "infra/kubernetes/node"])
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, folder));
        }

        File.WriteAllText(Path.Combine(_folder.Path, "tests", "debian-packages.tsv"), "");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(Path.Combine(_folder.Path, "work", "custody.pub"), key.ExportSubjectPublicKeyInfoPem());
        var sdk = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder.Path, "sdk")).FullName, "dotnet");
        File.WriteAllText(sdk, $"""
            #!/bin/sh
            case $1 in
            --list-sdks) echo '10.0.100 [/sdk]' ;;
            build) ;;
            *) shift && PATH='{Environment.GetEnvironmentVariable("PATH")}' exec dotnet '{Path.Combine(AppContext.BaseDirectory, "captureflow-local.dll")}' "$@" ;;
            esac
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(sdk, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task<(int Code, string Said)> RunAsync(string[] words)
    {
        ProcessStartInfo start = new("bash", [Path.Combine(_folder.Path, "captureflow"), .. words])
        {
            WorkingDirectory = Path.Combine(_folder.Path, "work"), RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var home = Path.Combine(_folder.Path, "home");
        // One run goes on with what another one of the same user has left; these have nothing to do with each other.
        var state = Path.Combine(_folder.Path, words[0] == "serve" ? "state" : $"state-{Interlocked.Increment(ref _runs)}");
        start.Environment["PATH"] = $"{Path.Combine(_folder.Path, "sdk")}:{Environment.GetEnvironmentVariable("PATH")}";
        (start.Environment["HOME"], start.Environment["XDG_STATE_HOME"], start.Environment["XDG_CONFIG_HOME"]) = (home, state, "");
        start.Environment["KUBECONFIG"] = Path.Combine(_folder.Path, "nosuch.kubeconfig");
        (start.Environment["UseGooglePolyfill"], start.Environment["DOTNET_TieredPGO"]) = ("true", "0");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            // One that goes on and on has found what was to be missing.
            process.Kill(entireProcessTree: true);
            return (-1, await output + await errors);
        }
    }
}
