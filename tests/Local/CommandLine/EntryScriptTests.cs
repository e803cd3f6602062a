using System.Diagnostics;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

/// <summary>The script <c>captureflow</c>, with an SDK that builds nothing and says what it was asked to run.</summary>
public sealed class EntryScriptTests : IDisposable
{
    private const string Sdk = """
        #!/bin/sh
        case $1 in
        --list-sdks) echo '10.0.100 [/sdk]' ;;
        build) ;;
        *) shift && echo "ran: $*" ;;
        esac
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-script-").FullName;

    public static TheoryData<string> Commands => [.. CaptureFlowCommand.Build(new()).Subcommands.Select(command => command.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Script_EveryCommandOfTheProgram_IsPassedOnAndIsInTheUsage(string command)
    {
        var (code, passedOn, errors) = await RunAsync(command, "--help");
        var (_, usage, _) = await RunAsync("--help");

        Assert.True(code == 0, errors);
        Assert.Equal($"ran: {command} --help", passedOn.Trim());
        Assert.Contains($"\n  {command} ", usage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_UnknownCommand_IsTheProgramsToRefuse()
    {
        var (code, passedOn, errors) = await RunAsync("captrue", "-n", "shop");

        Assert.True(code == 0, errors);
        Assert.Equal("ran: captrue -n shop", passedOn.Trim());
    }

    [Theory]
    [InlineData("test")]
    [InlineData("faults")]
    [InlineData("bench")]
    public async Task Script_HelpForWhatItDoesItself_IsTheUsageAndNothingRuns(string command)
    {
        var (code, output, _) = await RunAsync(command, "--help");

        Assert.Equal(0, code);
        Assert.Contains($"\n  {command} ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("ran:", output, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var script = Path.Combine(_folder, "captureflow");
        File.Copy(Script(), script, overwrite: true);
        var sdk = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "sdk")).FullName, "dotnet");
        await File.WriteAllTextAsync(sdk, Sdk);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(sdk, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        ProcessStartInfo start = new("bash", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(sdk)}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["UseGooglePolyfill"] = "true";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    internal static string Script()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CaptureFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CaptureFlow.sln is in no folder above the tests.");
        }

        return Path.Combine(folder.FullName, "captureflow");
    }
}
