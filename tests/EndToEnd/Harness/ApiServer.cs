using System.Diagnostics;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>Kills the cluster's API server and starts it again, by a command that whoever runs the tests knows.</summary>
internal static class ApiServer
{
    private const string Variable = "CAPTUREFLOW_E2E_RESTART_API";
    private static readonly TimeSpan Longest = Until.Patience;

    public static void SkipUnlessRestartable()
    {
        RealCluster.SkipUnlessWanted();
        Needs.Cluster(Variable);
    }

    /// <summary>Returns when it answers again.</summary>
    public static async Task RestartAsync()
    {
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Environment.GetEnvironmentVariable(Variable)!);
        using var command = Process.Start(start)!;
        command.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Longest);
        await command.WaitForExitAsync(deadline.Token);
        Assert.Equal(0, command.ExitCode);
    }
}
