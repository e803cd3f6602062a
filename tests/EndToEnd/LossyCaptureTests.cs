using CaptureFlow.EndToEnd.Tests.Harness;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>More packets than tcpdump's buffer takes: the verdict says so, with the right number.</summary>
[Collection(Alone.Name)]
public sealed class LossyCaptureTests(SandboxFixture fixture)
{
    private const int Datagrams = 60_000;

    [Fact]
    public async Task Capture_SmallBufferAndHighRate_IsLossyByWhatIsMissing()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(
            state.Path, fixture.Sandbox.CaptureFlowKubeconfig, new Dictionary<string, string> { ["CaptureFlow__Tap__BufferKiB"] = "64" });
        await using var flood = await CountedFlood.StartAsync(fixture.Sandbox, "flooded", Datagrams);
        var id = await host.Api.OrderAsync(new
        {
            target = new { pod = "shop/flooded" },
            window = new { duration = "5m", snapLength = "full", maxBytes = "1900MB" },
            filter = $"udp dst port {CountedFlood.Port}",
        });
        await host.Api.WhenAsync(id, "capturing");

        await flood.RunAsync();
        await host.Api.PostAsync($"/api/captures/{id}/stop");
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Lossy", $"{capture}\n{host.Log}");
        var manifest = await host.Api.ManifestAsync(id);
        var dropped = manifest.Tapped!.PacketsDroppedByKernel!.Value;

        // The loopback offers each datagram twice, on its way out and in, and libpcap leaves the first one out of the file. The kernel drops one like
        // the other: so its number is twice what is missing, but for pairs that it tore apart.
        var missing = Datagrams - manifest.Walked!.Packets;
        Assert.Equal(2 * Datagrams, manifest.Tapped.PacketsReceived);
        Assert.InRange(missing, 1, Datagrams - 1);
        Assert.InRange(dropped, 2 * missing * 0.98, (2 * missing * 1.02) + 10);
        Assert.Contains($"The kernel dropped {dropped} packets", manifest.Evidence.Reasons[0], StringComparison.Ordinal);
        Assert.Equal("64", manifest.Plan.Arguments[manifest.Plan.Arguments.ToList().IndexOf("-B") + 1]);
    }
}
