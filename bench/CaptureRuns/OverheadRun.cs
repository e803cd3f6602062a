using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CaptureFlow.CaptureRuns;

/// <summary>
/// What a capture takes beyond its window and the start of its container: from the POST to the last step's end, seen by the client, less the
/// window and less the attach step up to <i>listening</i>. The baseline is the window itself.
/// </summary>
internal static class OverheadRun
{
    private const int Runs = 7;
    private const double Window = 5;

    public static async Task RunAsync(Lab lab)
    {
        Console.WriteLine();
        Console.WriteLine($"Overhead of a capture over its window ({Window} s) and its container's start; {Runs} runs, the first a warm-up, seconds:");
        Console.WriteLine();
        Console.WriteLine("| run | total | container start | overhead | plan+grant | finish (1.2 s tail margin) | retrieve+store | revoke | verdict |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        List<double> overheads = [];
        for (var run = 0; run < Runs; run++)
        {
            var watch = Stopwatch.StartNew();
            var capture = await lab.CaptureAsync(new { target = new { pod = "shop/web" }, window = new { duration = $"{Window}s" } });
            var total = watch.Elapsed.TotalSeconds;
            var listening = capture["progress"]!["windowStartedAt"]!.GetValue<DateTimeOffset>();
            var start = (listening - StartOf(capture, "AttachContainer")).TotalSeconds;
            var overhead = total - Window - start;
            Console.WriteLine(
                $"| {run} | {total:0.00} | {start:0.00} | {overhead:0.00} | {Seconds(capture, "PlanCapture") + Seconds(capture, "GrantPermission"):0.00} | "
                + $"{Seconds(capture, "FinishCapture"):0.00} | {Seconds(capture, "RetrieveCapture") + Seconds(capture, "StoreCapture"):0.00} | "
                + $"{Seconds(capture, "RevokePermission"):0.00} | {capture["verdict"]} |");
            if (run > 0)
            {
                overheads.Add(overhead);
            }
        }

        overheads.Sort();
        Console.WriteLine();
        Console.WriteLine($"Median overhead {overheads[overheads.Count / 2]:0.00} s, worst {overheads[^1]:0.00} s; target 2 s.");
    }

    private static JsonNode Step(JsonNode capture, string step) =>
        capture["progress"]!["timeline"]!.AsArray().First(record => record!["step"]!.GetValue<string>() == step)!;

    private static DateTimeOffset StartOf(JsonNode capture, string step) => Step(capture, step)["startedAt"]!.GetValue<DateTimeOffset>();

    internal static double Seconds(JsonNode capture, string step)
    {
        var record = Step(capture, step);
        return (record["endedAt"]!.GetValue<DateTimeOffset>() - record["startedAt"]!.GetValue<DateTimeOffset>()).TotalSeconds;
    }
}
