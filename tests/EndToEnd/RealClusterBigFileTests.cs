using System.Diagnostics;
using System.Security.Cryptography;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>A file of 1 GiB through a real API server's exec.</summary>
[Collection(OneRealCluster.Name)]
public sealed class RealClusterBigFileTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    private const long Size = 1L << 30;
    private const long Mebibyte = 1 << 20;

    [Fact]
    public async Task Capture_OneGibibyte_IsRetrievedWholeAtBoundedMemory()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Idle("big"));
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state);
        var id = await host.Api.OrderAsync(new
        {
            target = new { pod = $"{cluster.Namespace}/big" },
            window = new { duration = "5m", snapLength = "full", maxBytes = Size },
            filter = "udp port 9",
        });
        await host.Api.WhenAsync(id, "capturing", Until.Patience);

        await cluster.ExecAsync("big", "app", RealPods.FloodLine(2 * Size));
        var capture = await host.Api.WhenEndedAsync(id, TimeSpan.FromMinutes(4));

        Assert.True(capture["status"]!.GetValue<string>() == "completed", $"{capture}\n{host.Log}");
        using var process = Process.GetProcessById(host.ProcessId);
        var peak = process.PeakWorkingSet64;
        var manifest = await host.Api.ManifestAsync(id);
        var retrieval = manifest.Timeline.Single(step => step.Step == CaptureSteps.RetrieveCapture);
        var took = retrieval.EndedAt!.Value - retrieval.StartedAt;
        output.WriteLine($"{manifest.Evidence.Verdict}: {Size / Mebibyte / took.TotalSeconds:0} MiB/s ({took.TotalSeconds:0.0} s), at most {peak / Mebibyte} MiB resident");
        await using var file = await host.Api.OpenFileAsync(id);
        Assert.Equal(manifest.Evidence.Sha256, Convert.ToHexStringLower(await SHA256.HashDataAsync(file)));
        Assert.Equal((Size, manifest.Tapped!.Sha256), (manifest.Evidence.Bytes, manifest.Evidence.Sha256));
        Assert.Equal((TapEnd.Limit, true), (manifest.Tapped.EndedBy, manifest.Revocation!.Proven));
        Assert.Contains(manifest.Evidence.Verdict, (Verdict[])[Verdict.LimitReached, Verdict.Lossy]);
        Assert.InRange(peak, 1, 256 * Mebibyte);
        Assert.Empty(await cluster.LeftOversAsync());
    }
}
