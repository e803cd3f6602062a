using System.Diagnostics;
using System.Reflection;

namespace CaptureFlow.Infra.Tests;

/// <summary>The Bicep compiler of the package, run without any network: no file may need a module registry.</summary>
internal static class BicepCompiler
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string ExecutablePath = typeof(BicepCompiler).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "BicepPath").Value?.Replace('\\', '/') ?? "";

    /// <summary>Runs it in a folder.</summary>
    /// <returns>Exit code, and all that it said on both streams.</returns>
    public static async Task<(int ExitCode, string Said)> RunAsync(string folder, params string[] arguments)
    {
        Assert.True(File.Exists(ExecutablePath), "There is no Bicep compiler for this platform: the package Azure.Bicep.CommandLine is made for Linux, macOS on arm64 and Windows on x64.");
        using var process = Process.Start(new ProcessStartInfo(ExecutablePath, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, $"{await output}{await errors}".Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
