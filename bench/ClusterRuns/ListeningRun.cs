using System.Diagnostics;

namespace CaptureFlow.ClusterRuns;

/// <summary>
/// From the POST until the API says that the window is open, beside kubectl debug with the same image until its tcpdump's own word comes
/// through the terminal: what a person at a keyboard waits for. In turns, each in a pod of its own.
/// </summary>
internal static class ListeningRun
{
    private const int Runs = 12;

    // Attaching races the start of the container, so the word is repeated until somebody hears it.
    private const string Listen =
        "tcpdump -i any -n -w /tmp/file 2>/tmp/log & until grep 'listening on' /tmp/log; do sleep 0.02; done; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; cat /tmp/log; done; kill $!";

    public static async Task RunAsync(ClusterLab lab)
    {
        await lab.RunPodAsync("ours");
        await lab.RunPodAsync("theirs");
        Console.WriteLine();
        Console.WriteLine($"From the order to *listening*, {Runs} runs in turns after a warm-up, seconds:");
        Console.WriteLine();
        Console.WriteLine("| | median | fastest | slowest |");
        Console.WriteLine("|---|---|---|---|");
        List<double> ours = [], theirs = [];
        for (var run = 0; run <= Runs; run++)
        {
            var own = await OwnAsync(lab);
            var other = await DebugAsync(lab, run);
            if (run > 0)
            {
                ours.Add(own);
                theirs.Add(other);
            }
        }

        Console.WriteLine(Row("CaptureFlow, POST to `capturing`", ours));
        Console.WriteLine(Row("kubectl debug to \"listening on\"", theirs));
        Console.WriteLine();
        Console.WriteLine($"CaptureFlow is {Median(ours) - Median(theirs):+0.00;-0.00} s over kubectl debug; target 1 s. Load average {ClusterLab.Load()}.");
    }

    private static async Task<double> OwnAsync(ClusterLab lab)
    {
        var watch = Stopwatch.StartNew();
        var id = await lab.OrderAsync(new { target = new { pod = $"{lab.Namespace}/ours" }, window = new { duration = "1s" } });
        await lab.PastAsync(id, "planning", "granting", "attaching");
        var seconds = watch.Elapsed.TotalSeconds;
        await lab.PastAsync(id, "capturing", "finishing", "retrieving", "storing", "revoking");
        return seconds;
    }

    private static async Task<double> DebugAsync(ClusterLab lab, int run)
    {
        var watch = Stopwatch.StartNew();
        using var process = Kubectl.Start("-n", lab.Namespace, "debug", "theirs", $"--image={ClusterLab.Image}", "--image-pull-policy=IfNotPresent", $"--container=debug-{run}", "--profile=netadmin", "-i", "--", "sh", "-c", Listen);
        _ = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("listening on", StringComparison.Ordinal))
            {
                var seconds = watch.Elapsed.TotalSeconds;
                _ = process.StandardOutput.ReadToEndAsync();
                await process.WaitForExitAsync();
                return seconds;
            }
        }

        throw new InvalidOperationException($"kubectl debug ended with exit code {process.ExitCode} before its tcpdump listened.");
    }

    private static string Row(string name, List<double> seconds) => $"| {name} | {Median(seconds):0.00} | {seconds.Min():0.00} | {seconds.Max():0.00} |";

    private static double Median(List<double> seconds)
    {
        var sorted = seconds.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
