using System.Globalization;

namespace CaptureFlow.CaptureRuns;

/// <summary>What a load came to, and which of its bounds were broken.</summary>
internal sealed class LoadReport(LoadSize size, LoadLine line, IReadOnlyList<(TimeSpan At, Holding Held, int Ended, int? LastPlace)> samples)
{
    /// <summary>Ten activities and twenty orchestrations run at once; whatever is beyond those threads and the idle host's must not grow with the captures.</summary>
    private const int MostThreads = 64;

    /// <summary>Set from a run of 50 and 1,000, which took 321 MB; a line is never longer than that.</summary>
    private const double MostMegabytes = 400;

    /// <summary>Over the idle host's: a capture holds at most an exec socket and a file, ten at a time; connections to the API server are pooled.</summary>
    private const int MostHandles = 150;

    private readonly List<string> _broken = [];

    public IReadOnlyList<string> Broken => _broken;

    public void Print(Holding idle, TimeSpan alone, IReadOnlyList<string> leftOvers, string audit)
    {
        var whole = line.Captures.Where(capture => capture.Whole).ToList();
        var cancelled = line.Captures.Count(capture => capture.Status == "cancelled" && capture.LetInAt is null);
        var others = line.Captures.Where(capture => !capture.Whole && !(capture.Status == "cancelled" && capture.LetInAt is null)).ToList();
        Row("ordered", line.Captures.Count, size.Total);
        Row("completed, Complete, rights proven gone", whole.Count, null);
        Row("cancelled in line, because time was up", cancelled, null);
        Row("lost or otherwise ended", others.Count, 0);
        foreach (var other in others.Take(5))
        {
            Console.WriteLine($"|   {other.Id} | {other.Status} {other.Seen?["verdict"]} {other.Seen?["faults"]?.ToJsonString()} | |");
        }

        Row("left in the cluster", leftOvers.Count, 0);
        Row("the audit says", audit, "None");
        Order(whole);
        Times(whole, alone);
        Held(idle);
        Bound(line.Captures.Count == size.Total, "an order was not accepted");
        Bound(whole.Count > 0 && others.Count == 0, "a capture was lost");
        Bound(leftOvers.Count == 0 && audit == "None", $"left in the cluster: {string.Join(", ", leftOvers.Take(5))}; audit: {audit}");
    }

    private void Order(List<OrderedCapture> whole)
    {
        var byLine = LineOrder.LargestOvertaking([.. whole.OrderBy(capture => capture.AskedAt).Select(capture => capture.LetInAt!.Value)]);
        var byOrder = LineOrder.LargestOvertaking([.. whole.Select(capture => capture.LetInAt!.Value)]);
        var atOnce = LineOrder.LargestAtOnce(whole.Select(capture => (capture.LetInAt!.Value, capture.EndedAt)));
        var listening = LineOrder.LargestAtOnce(whole.Select(capture => (capture.ListeningAt!.Value, capture.ListeningAt.Value.AddSeconds(size.Window))));
        Row("most let in at the same time", atOnce, size.AtOnce);
        Row("most taps listening at the same time", listening, null);
        Row("largest overtaking, by place in line", byLine, size.AtOnce);
        Row("largest overtaking, by order", byOrder, size.AtOnce);
        Bound(atOnce <= size.AtOnce, "more were let in than the quota allows");
        Bound(byLine <= size.AtOnce && byOrder <= size.AtOnce, "a capture was overtaken by more than may run at once");
    }

    private static void Times(List<OrderedCapture> whole, TimeSpan alone)
    {
        var waits = whole.Select(capture => (capture.EndedAt - capture.OrderedAt).TotalSeconds).Order().ToList();
        var own = whole.Select(capture => (capture.EndedAt - capture.LetInAt!.Value).TotalSeconds).Order().ToList();
        var span = whole.Max(capture => capture.EndedAt) - whole.Min(capture => capture.OrderedAt);
        Row("order to end, s: median, 95 %, longest", $"{At(waits, 0.5):0.0}, {At(waits, 0.95):0.0}, {waits[^1]:0.0}", null);
        Row("let in to end, s: median, 95 %, longest", $"{At(own, 0.5):0.0}, {At(own, 0.95):0.0}, {own[^1]:0.0}", $"alone: {alone.TotalSeconds:0.0}");
        Row("captures a minute", $"{whole.Count / span.TotalMinutes:0}", null);
    }

    private void Held(Holding idle)
    {
        var most = (Threads: samples.Max(sample => sample.Held.Threads), Megabytes: samples.Max(sample => sample.Held.Megabytes), Handles: samples.Max(sample => sample.Held.Handles));
        Row("host: most threads", most.Threads, $"{MostThreads}; idle {idle.Threads}");
        Row("host: most resident, MB", $"{most.Megabytes:0}", $"{MostMegabytes}; idle {idle.Megabytes:0}");
        Row("host: most open handles", most.Handles, $"{idle.Handles + MostHandles}; idle {idle.Handles}");
        Row("host: processor seconds a capture", $"{(samples[^1].Held.Processor - idle.Processor).TotalSeconds / line.Captures.Count:0.00}", null);
        Bound(most.Threads <= MostThreads, "too many threads");
        Bound(most.Megabytes <= MostMegabytes, "too much memory");
        Bound(most.Handles <= idle.Handles + MostHandles, "too many open handles");
    }

    public void PrintCourse()
    {
        Console.WriteLine();
        Console.WriteLine("| s | ended | place of the last in line | threads | resident MB | handles |");
        Console.WriteLine("|---|---|---|---|---|---|");
        var every = Math.Max(1, samples.Count / 20);
        foreach (var sample in samples.Where((_, index) => index % every == 0 || index == samples.Count - 1))
        {
            Console.WriteLine(
                $"| {sample.At.TotalSeconds:0} | {sample.Ended} | {sample.LastPlace?.ToString(CultureInfo.InvariantCulture) ?? "–"} | {sample.Held.Threads} | {sample.Held.Megabytes:0} | {sample.Held.Handles} |");
        }
    }

    private static double At(List<double> sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Count) - 1];

    private static void Row(string what, object value, object? bound) => Console.WriteLine($"| {what} | {value} | {bound} |");

    private void Bound(bool holds, string broken)
    {
        if (!holds)
        {
            _broken.Add(broken);
        }
    }
}
