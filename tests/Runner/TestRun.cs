namespace CaptureFlow.TestRunner;

/// <summary>A run of several assemblies, two at a time in the order that they are named in; what failed is run once more by itself.</summary>
/// <param name="folder">Where logs and reports go.</param>
/// <param name="arguments">For xUnit.</param>
/// <param name="output">Told what has ended, and every minute what still runs.</param>
/// <param name="time">For how long it took.</param>
internal sealed class TestRun(string folder, IReadOnlyList<string> arguments, TextWriter output, TimeProvider time)
{
    /// <summary>The most that fail and are run again: more is no chance.</summary>
    public const int MostAgain = 10;

    // Each waits for something much of its time.
    private const int AtOnce = 2;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(1);

    public async Task<TestRunResult> RunAsync(IReadOnlyList<TestAssembly> assemblies, CancellationToken stop)
    {
        var begun = time.GetTimestamp();
        List<TestReport> reports = [];
        HashSet<string> running = [];
        async Task RunOneAsync(TestAssembly assembly)
        {
            lock (running)
            {
                running.Add(assembly.Project);
            }

            var report = await assembly.RunAsync(folder, "", null, arguments, time, stop);
            lock (running)
            {
                running.Remove(assembly.Project);
                reports.Add(report);
                output.WriteLine(TestSummary.Line(report));
            }
        }

        Queue<TestAssembly> waiting = new(assemblies);
        async Task RunNextAsync()
        {
            while (true)
            {
                TestAssembly? next;
                lock (waiting)
                {
                    if (!waiting.TryDequeue(out next))
                    {
                        return;
                    }
                }

                await RunOneAsync(next);
            }
        }

        var all = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => RunNextAsync()));
        while (!all.IsCompleted)
        {
            await Task.WhenAny(all, Task.Delay(Heartbeat, time, stop));
            lock (running)
            {
                if (running.Count > 0 && !all.IsCompleted)
                {
                    output.WriteLine($"  after {time.GetElapsedTime(begun).TotalMinutes:0} min: {string.Join(" and ", running.Order(StringComparer.Ordinal))} still running");
                }
            }
        }

        await all;
        return new([.. await AgainAsync(reports, assemblies, stop)]);
    }

    private async Task<IEnumerable<TestReport>> AgainAsync(List<TestReport> reports, IReadOnlyList<TestAssembly> assemblies, CancellationToken stop)
    {
        var failed = reports.SelectMany(report => report.Results.Where(it => it.Outcome == TestOutcome.Failed).Select(it => (report.Project, it))).ToList();
        if (failed.Count is 0 or > MostAgain)
        {
            return reports;
        }

        HashSet<TestResult> flaky = [];
        foreach (var (project, result) in failed)
        {
            await output.WriteLineAsync($"  failed, so once more by itself: {result.Name}");
            if (await PassesAloneAsync(assemblies.First(it => it.Project == project), result, flaky.Count, stop))
            {
                flaky.Add(result);
            }
        }

        return reports.Select(report => report with { Results = [.. report.Results.Select(it => flaky.Contains(it) ? it with { Outcome = TestOutcome.Flaky } : it)] });
    }

    // One row of a theory where xUnit knows its rows beforehand, otherwise the whole method.
    private async Task<bool> PassesAloneAsync(TestAssembly assembly, TestResult result, int number, CancellationToken stop)
    {
        var alone = await assembly.RunAsync(folder, $".again-{number}", result.Name, ["-preEnumerateTheories", "-displayName", result.Name], time, stop);
        if (alone.Results.Count == 0)
        {
            alone = await assembly.RunAsync(folder, $".again-{number}", result.Name, ["-method", $"{result.Class}.{result.Method}"], time, stop);
        }

        return alone.Broken.Count == 0 && alone.Results.Count > 0 && alone.Results.All(it => it.Outcome == TestOutcome.Passed);
    }
}
