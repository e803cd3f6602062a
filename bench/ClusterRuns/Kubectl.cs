using System.Diagnostics;

namespace CaptureFlow.ClusterRuns;

/// <summary>kubectl from PATH (or KUBECTL), with the kubeconfig of KUBECONFIG.</summary>
internal static class Kubectl
{
    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(10);

    /// <summary>Runs it to its end and returns what it printed.</summary>
    public static Task<string> RunAsync(params string[] arguments) => RunAsync(null, arguments);

    /// <summary>Runs it to its end; its output goes to a file where one is named.</summary>
    public static async Task<string> RunAsync(string? into, params string[] arguments)
    {
        using var process = Start(arguments);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        using var cap = new CancellationTokenSource(Cap);
        var output = "";
        if (into is null)
        {
            output = await process.StandardOutput.ReadToEndAsync(cap.Token);
        }
        else
        {
            await using var file = File.Create(into);
            await process.StandardOutput.BaseStream.CopyToAsync(file, cap.Token);
        }

        await process.WaitForExitAsync(cap.Token);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)}: {(await errors).Trim()}");
    }

    /// <summary>Runs a shell line with kubectl in it, as a user would redirect its output; nothing of ours is in the way of the bytes.</summary>
    public static async Task ShellAsync(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", line]))!;
        using var cap = new CancellationTokenSource(Cap);
        await process.WaitForExitAsync(cap.Token);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{line}: exit code {process.ExitCode}");
        }
    }

    public static string Name => Environment.GetEnvironmentVariable("KUBECTL") ?? "kubectl";

    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Name, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
