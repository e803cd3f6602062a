using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace CaptureFlow.CaptureRuns;

/// <summary>
/// Retrieval of a 64 MiB and a 1 GiB file: time, rate, and the host's largest resident set after each. The baseline in the same run is
/// reading the stored file once and hashing it, which is the least that any verified retrieval must do.
/// </summary>
internal static class BulkRun
{
    // Loopback's packets are 64 KiB long: a gigabyte of capture takes a few seconds of one shell.
    private const string Flood = "while :; do timeout 60 bash -c 'cat /dev/zero >/dev/tcp/127.0.0.1/9000' 2>/dev/null; sleep 0.1; done";
    private const string Drain =
        "perl -MIO::Socket::INET -e '$l = IO::Socket::INET->new(LocalAddr => \"127.0.0.1:9000\", Listen => 1, ReuseAddr => 1); while ($c = $l->accept) { 1 while sysread $c, $b, 1 << 20 }'";

    public static async Task RunAsync(Lab lab)
    {
        await lab.Admin.CoreV1.CreateNamespacedPodAsync(Pod(), "shop");
        while ((await lab.Admin.CoreV1.ReadNamespacedPodAsync("bulk", "shop")).Status?.Phase != "Running")
        {
            await Task.Delay(50);
        }

        Console.WriteLine();
        Console.WriteLine("Retrieval (whole packets, full verification):");
        Console.WriteLine();
        Console.WriteLine("| file | retrieve | rate | host peak RSS | baseline: read + SHA-256 | verdict |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var mebibytes in (int[])[64, 1024])
        {
            var capture = await lab.CaptureAsync(new
            {
                target = new { pod = "shop/bulk" },
                window = new { duration = "2m", snapLength = "full", maxBytes = $"{mebibytes}MiB" },
            });
            var bytes = capture["evidence"]?["bytes"]?.GetValue<long>() ?? throw new InvalidOperationException($"{capture}");
            var seconds = OverheadRun.Seconds(capture, "RetrieveCapture");
            Console.WriteLine(
                $"| {bytes / 1048576.0:0} MiB | {seconds:0.0} s | {bytes / 1e6 / seconds:0} MB/s | {lab.HostPeakMegabytes():0} MB | "
                + $"{await BaselineAsync(capture):0.0} s | {capture["verdict"]} |");
        }
    }

    private static async Task<double> BaselineAsync(JsonNode capture)
    {
        var watch = Stopwatch.StartNew();
        await using var file = File.OpenRead(capture["evidence"]!["location"]!.GetValue<string>());
        await SHA256.HashDataAsync(file);
        return watch.Elapsed.TotalSeconds;
    }

    private static V1Pod Pod() => new()
    {
        Metadata = new V1ObjectMeta { Name = "bulk", NamespaceProperty = "shop" },
        Spec = new V1PodSpec
        {
            Containers =
            [
                new V1Container { Name = "drain", Image = "nicolaka/netshoot:v0.13", Command = ["bash", "-c", Drain] },
                new V1Container { Name = "flood", Image = "nicolaka/netshoot:v0.13", Command = ["bash", "-c", Flood] },
            ],
        },
    };
}
