using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Whole captures through the HTTP API, with real packets: what the window held is in the file, and the verdict says what it is worth.</summary>
public sealed class CorrectCaptureTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Capture_PacketBound_EndsEarlyAtThatCount()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "60s", maxPackets = 100, snapLength = 64 } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "LimitReached", $"{capture}\n{host.Log}");
        var manifest = await host.Api.ManifestAsync(id);
        Assert.Equal(100, manifest.Walked!.Packets);
        Assert.Equal(manifest.Tapped!.Bytes, manifest.Evidence.Bytes);
        Assert.True(manifest.Evidence.Bytes <= manifest.Plan.ByteBound);
    }

    [Fact]
    public async Task Capture_WholePacketsOfMesh_PlaintextOnLoopbackCiphertextOutside()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "3s", snapLength = "full" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var copy = Path.Combine(state.Path, "copy.pcap");
        await File.WriteAllBytesAsync(copy, await host.Api.FileAsync(id));
        var seen = await TrafficReader.ReadAsync(copy, CancellationToken.None);
        Assert.True(seen.LoopbackPlaintext > 0);
        Assert.True(seen.WireTls > 0);
        Assert.Equal(0, seen.WirePlaintext);
    }
}
