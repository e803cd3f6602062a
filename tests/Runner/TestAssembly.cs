using System.Diagnostics;

namespace CaptureFlow.TestRunner;

/// <summary>One test assembly on disk, run as a process of its own.</summary>
internal sealed class TestAssembly(string path)
{
    // The longest takes a third of it on two idle cores.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(25);

    /// <summary>Names the one test that is run by itself; not set in a usual run.</summary>
    private const string AloneVariable = "CAPTUREFLOW_TEST_ALONE";

    public string Project { get; } = Path.GetFileNameWithoutExtension(path).Replace("CaptureFlow.", "", StringComparison.Ordinal).Replace(".Tests", "", StringComparison.Ordinal);

    /// <summary>
    /// Runs it; what it prints goes to <c>PROJECT.log</c> in the folder, its report to <c>PROJECT.xml</c>, with a suffix before the dot if one is given.
    /// </summary>
    /// <remarks>A test that is run by itself is named in the environment, for what it shares with others and would begin for all of them.</remarks>
    /// <exception cref="OperationCanceledException">It was told to stop: the process and its children have been killed.</exception>
    public async Task<TestReport> RunAsync(string folder, string suffix, string? alone, IEnumerable<string> arguments, TimeProvider time, CancellationToken stop)
    {
        var (log, report) = (Path.GetFullPath(Path.Combine(folder, Project + suffix + ".log")), Path.GetFullPath(Path.Combine(folder, Project + suffix + ".xml")));
        File.Delete(report);
        // The shell connects its output to the file, so that a child which outlives the tests holds nothing up.
        ProcessStartInfo start = new("sh", ["-c", "exec \"$@\" >\"$0\" 2>&1 </dev/null", log, "dotnet", Path.GetFullPath(path), "-noLogo", "-noColor", "-noAutoReporters", "-reporter", "quiet", "-result-xml", report, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(Path.GetFullPath(path)),
        };
        start.Environment[AloneVariable] = alone;
        // Most of what tests run is run a few times: nothing is compiled a second time for speed, or counted for it, and memory may be writable and
        // executable at once. That saves a fifth to a third of their processor time, measured for each project.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        var begun = time.GetTimestamp();
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Longest);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            stop.ThrowIfCancellationRequested();
            return new(Project, time.GetElapsedTime(begun).TotalSeconds, [], [$"{Project} did not end within {Longest.TotalMinutes:0} minutes: {TestReport.LastLine(log)}"]);
        }

        return TestReport.Read(Project, time.GetElapsedTime(begun).TotalSeconds, process.ExitCode, report, log);
    }
}
