using System.Diagnostics;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>The command line as its user runs it: a process of its own, with a home of its own.</summary>
internal sealed class CommandRun : IDisposable
{
    private readonly TemporaryFolder _home = new();

    public string Home => _home.Path;

    /// <summary>The state folders that commands have left.</summary>
    public IReadOnlyList<string> Runs => Path.Combine(Home, "captureflow", "runs") is var runs && Directory.Exists(runs) ? Directory.GetDirectories(runs) : [];

    /// <summary>The program and its first arguments, for a shell that starts it.</summary>
    public static string Program => $"dotnet '{Path.Combine(Programs.Folder, "captureflow-local.dll")}'";

    public void Dispose() => _home.Dispose();

    public Process Start(params IEnumerable<string> arguments) => Start("dotnet", [Path.Combine(Programs.Folder, "captureflow-local.dll"), .. arguments]);

    /// <summary>A line of a shell, in which <see cref="Program"/> stands for the command.</summary>
    public Process Shell(string line) => Start("sh", ["-c", line]);

    /// <summary>Waits for the end, and reads all that it wrote.</summary>
    public static async Task<(int Code, string Output, string Errors)> EndAsync(Process process)
    {
        using var _ = process;
        using CancellationTokenSource deadline = new(Until.Patience);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output, await errors);
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Home,
            Environment =
            {
                ["XDG_STATE_HOME"] = Home,
                ["TERM"] = "xterm-256color",
                ["DOTNET_EnableWriteXorExecute"] = "0",
                ["DOTNET_TieredPGO"] = "0",
                ["DOTNET_TC_CallCounting"] = "0",
            },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // A run of tests without colours would take the live view from the command.
        start.Environment.Remove("NO_COLOR");

        return Process.Start(start)!;
    }
}
