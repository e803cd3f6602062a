using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Tap images that do not work: each has its own code, and leaves nothing behind.</summary>
public sealed class RealClusterTapImageTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>
{
    [Fact]
    public async Task Capture_ImageThatNobodyHas_IsImageUnavailable()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Web("noimage"));

        await FailsAsync("noimage", "localhost/nobody-has-this:1", FaultCodes.ImageUnavailable, "localhost/nobody-has-this:1");
    }

    [Fact]
    public async Task Capture_ImageWithoutTcpdump_IsContainerCrashed()
    {
        RealCluster.SkipUnlessWanted();
        await cluster.RunAsync(RealPods.Web("notcpdump"));

        await FailsAsync("notcpdump", RealCluster.AppImage, FaultCodes.ContainerCrashed, "tcpdump: not found");
    }

    private async Task FailsAsync(string pod, string image, string code, string words)
    {
        using var state = new TemporaryFolder();
        await using var host = await cluster.StartHostAsync(state, tapImage: image);
        var id = await host.Api.OrderAsync(new { target = new { pod = $"{cluster.Namespace}/{pod}" }, window = new { duration = "5s" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "failed", $"{capture}\n{host.Log}");
        var fault = Assert.Single(capture["faults"]!.AsArray())!;
        output.WriteLine($"{fault}\n{capture["revocation"]}");
        Assert.Equal(code, fault["code"]!.GetValue<string>());
        Assert.Contains(words, $"{fault["message"]} {fault["detail"]}", StringComparison.Ordinal);
        Assert.True(capture["revocation"]!["proven"]!.GetValue<bool>());
        Assert.Empty(await cluster.LeftOversAsync());
    }
}
