using System.Diagnostics;

namespace CaptureFlow.CaptureRuns;

/// <summary>
/// Many captures on one local host: so many at once, and a long line behind them. None is lost, nothing is left, the line is fair, and the host's
/// threads, memory and handles do not grow with the line. The baseline in the same run is one capture alone on the idle host.
/// </summary>
internal static class LoadRun
{
    private static readonly TimeSpan BetweenSamples = TimeSpan.FromSeconds(2);

    /// <summary>Beyond <see cref="LoadSize.Minutes"/>: what was let in by then still ends.</summary>
    private static readonly TimeSpan LastOnes = TimeSpan.FromMinutes(10);

    /// <returns>Whether every bound held.</returns>
    public static async Task<bool> RunAsync(string manifests, LoadSize size)
    {
        await using var lab = await Lab.StartAsync(manifests, new Dictionary<string, string> { ["CaptureFlow__Quotas__PerCluster__Concurrent"] = $"{size.AtOnce}" });
        await LoadPods.StartAsync(lab.Admin, size.Pods);
        var gauge = lab.Gauge;
        await AloneAsync(lab, size);
        var alone = await AloneAsync(lab, size);
        var idle = gauge.Read();
        Console.WriteLine();
        Console.WriteLine($"{size.AtOnce} captures at once and {size.Waiting} in line, windows of {size.Window} s in {size.Pods} pods; load average at the start {HostGauge.MachineLoad():0.0}.");

        LoadLine line = new(lab.Http);
        List<(TimeSpan, Holding, int, int?)> samples = [];
        var watch = Stopwatch.StartNew();
        var ordering = OrderAsync(line, size);
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(size.Minutes) + LastOnes);
        var timeIsUp = false;
        while (!ordering.IsCompleted || line.Open.Any())
        {
            // Those that are let in, and the last of the line; the ends of the others are read from their timelines later.
            await line.LookAsync(ordering.IsCompleted ? line.Open.Take(size.AtOnce + 10).Append(line.Open.Last()) : [], deadline.Token);
            samples.Add((watch.Elapsed, gauge.Read(), line.Captures.Count(capture => capture.Ended), line.Open.LastOrDefault()?.Place));
            if (ordering.IsCompleted && !timeIsUp && watch.Elapsed > TimeSpan.FromMinutes(size.Minutes))
            {
                timeIsUp = true;
                await CancelAsync(line, deadline.Token);
            }

            await Task.Delay(BetweenSamples, deadline.Token);
        }

        await ordering;
        var audit = (await line.AuditAsync())["state"]!.GetValue<string>();
        LoadReport report = new(size, line, samples);
        Console.WriteLine($"It took {watch.Elapsed.TotalMinutes:0.0} min; load average at the end {HostGauge.MachineLoad():0.0}.");
        Console.WriteLine();
        Console.WriteLine("| | | bound |");
        Console.WriteLine("|---|---|---|");
        report.Print(idle, alone, await LoadPods.LeftOversAsync(lab.Admin), audit);
        report.PrintCourse();
        Console.WriteLine();
        Console.WriteLine(report.Broken.Count == 0 ? "Every bound holds." : $"BROKEN: {string.Join("; ", report.Broken)}.");
        return report.Broken.Count == 0;
    }

    /// <summary>One capture on the idle host, from the order to its end.</summary>
    private static async Task<TimeSpan> AloneAsync(Lab lab, LoadSize size)
    {
        OrderedCapture alone = new("") { Seen = await lab.CaptureAsync(new { target = new { pod = $"shop/{LoadPods.Name(0)}" }, window = new { duration = $"{size.Window}s" } }) };
        return alone.EndedAt - alone.OrderedAt;
    }

    private static async Task OrderAsync(LoadLine line, LoadSize size)
    {
        for (var i = 0; i < size.Total; i++)
        {
            await line.OrderAsync(LoadPods.Name(i % size.Pods), size.Window);
        }
    }

    /// <summary>From the end of the line, so that nobody is let in who would be cancelled next.</summary>
    private static async Task CancelAsync(LoadLine line, CancellationToken cancellation)
    {
        await line.LookAsync(line.Open, cancellation);
        foreach (var waiting in line.Open.Where(capture => capture.Status == "queued").Reverse().ToList())
        {
            await line.CancelAsync(waiting);
        }
    }
}
