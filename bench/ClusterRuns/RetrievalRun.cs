using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CaptureFlow.ClusterRuns;

/// <summary>
/// 1 GiB out of a pod three ways, in turns: by CaptureFlow (the retrieve step of a real capture, SHA-256 included, and flushed to disk), by
/// kubectl cp, and by kubectl exec … cat. The file that kubectl fetches is the same number of random bytes in the same pod, written just before and
/// deleted after, as a capture's is: what finds its memory just given back by another file is seconds faster than what does not.
/// </summary>
internal static class RetrievalRun
{
    private const int Runs = 5;
    private const long Bytes = 1L << 30;

    // Loopback's packets are 64 KiB long. Random bytes, in a block far longer than any compressor's window, are what encrypted traffic is.
    private const string Flood = """
        import os, socket, threading
        def drain(server):
            while True:
                c, _ = server.accept()
                while c.recv(1 << 20): pass
        s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', 9000)); s.listen(1)
        threading.Thread(target=drain, args=(s,), daemon=True).start()
        block = os.urandom(64 << 20)
        c = socket.create_connection(('127.0.0.1', 9000))
        while not os.path.exists('/tmp/stop'): c.sendall(block)
        os.remove('/tmp/stop')
        """;

    public static async Task RunAsync(ClusterLab lab)
    {
        await lab.RunPodAsync("bulk");
        Console.WriteLine();
        Console.WriteLine($"Retrieval of {Bytes >> 20} MiB, in turns, seconds:");
        Console.WriteLine();
        Console.WriteLine("| run | CaptureFlow (verified) | rate | kubectl cp | kubectl exec … cat | CaptureFlow ÷ the faster | host peak RSS | load |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        List<double> ratios = [];
        for (var run = 1; run <= Runs; run++)
        {
            var own = await CaptureAsync(lab);
            var copied = await TimedAsync(lab, () => Kubectl.ShellAsync($"{Kubectl.Name} -n {lab.Namespace} cp bulk:/tmp/file {lab.Folder}/copy >/dev/null 2>&1 && sync {lab.Folder}/copy"));
            var cat = await TimedAsync(lab, () => Kubectl.ShellAsync($"{Kubectl.Name} -n {lab.Namespace} exec bulk -- cat /tmp/file >{lab.Folder}/copy && sync {lab.Folder}/copy"));
            var ratio = own / Math.Min(copied, cat);
            ratios.Add(ratio);
            Console.WriteLine($"| {run} | {own:0.0} | {Bytes / 1e6 / own:0} MB/s | {copied:0.0} | {cat:0.0} | {ratio:0.00} | {lab.HostPeakMegabytes():0} MB | {ClusterLab.Load()} |");
        }

        ratios.Sort();
        Console.WriteLine();
        Console.WriteLine($"Median ratio {ratios[ratios.Count / 2]:0.00}; target 1.00. Host peak {lab.HostPeakMegabytes():0} MB; target 200 MB.");
    }

    private static async Task<double> CaptureAsync(ClusterLab lab)
    {
        var id = await lab.OrderAsync(new
        {
            target = new { pod = $"{lab.Namespace}/bulk" },
            window = new { duration = "3m", snapLength = "full", maxBytes = $"{Bytes >> 20}MiB" },
        });
        await lab.PastAsync(id, "planning", "granting", "attaching");
        using var flood = Kubectl.Start("-n", lab.Namespace, "exec", "bulk", "--", "python3", "-c", Flood);
        await lab.PastAsync(id, "capturing");
        await Kubectl.RunAsync("-n", lab.Namespace, "exec", "bulk", "--", "touch", "/tmp/stop");
        await flood.WaitForExitAsync();
        var capture = await lab.PastAsync(id, "finishing", "retrieving", "storing", "revoking");
        var bytes = capture["evidence"]!["bytes"]!.GetValue<long>();
        if (bytes < Bytes * 0.999)
        {
            throw new InvalidOperationException($"The capture has {bytes} bytes: {capture["verdict"]}");
        }

        File.Delete(capture["evidence"]!["location"]!.GetValue<string>());
        return Seconds(capture, "RetrieveCapture");
    }

    private static async Task<double> TimedAsync(ClusterLab lab, Func<Task> work)
    {
        await Kubectl.RunAsync("-n", lab.Namespace, "exec", "bulk", "--", "dd", "if=/dev/urandom", "of=/tmp/file", "bs=1M", $"count={Bytes >> 20}");
        var watch = Stopwatch.StartNew();
        await work();
        var seconds = watch.Elapsed.TotalSeconds;
        var got = new FileInfo(Path.Combine(lab.Folder, "copy"));
        if (got.Length != Bytes)
        {
            throw new InvalidOperationException($"kubectl brought {got.Length} bytes.");
        }

        got.Delete();
        await Kubectl.RunAsync("-n", lab.Namespace, "exec", "bulk", "--", "rm", "/tmp/file");
        return seconds;
    }

    private static double Seconds(JsonNode capture, string step)
    {
        var record = capture["progress"]!["timeline"]!.AsArray().First(one => one!["step"]!.GetValue<string>() == step)!;
        return (record["endedAt"]!.GetValue<DateTimeOffset>() - record["startedAt"]!.GetValue<DateTimeOffset>()).TotalSeconds;
    }
}
