using System.Text;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The triage card of whole captures of real packets.</summary>
public sealed class TriageTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Capture_Stored_ItsCardIsThatOfTheDownloadedFile()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "3s" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, _) = await StoredCapture.VerifiedAsync(host.Api, id);

        // Before anybody has asked for the card.
        var stored = Directory.GetFiles(Path.GetDirectoryName(manifest.Evidence.Location)!).Select(Path.GetFileName);
        Assert.Equal(["capture.pcap", "manifest.json", "triage.json", "triage.md"], stored.Order(StringComparer.Ordinal));
        var (json, text) = (await AnalyzedAsync(host, id, json: true), await AnalyzedAsync(host, id, json: false));
        Assert.Equal(json, Encoding.UTF8.GetString(await host.Api.TriageAsync(id)));
        Assert.Equal(text, Encoding.UTF8.GetString(await host.Api.As("Accept", "text/markdown").TriageAsync(id)));
        Assert.Contains($"\"packets\": {manifest.Walked!.Packets}", json, StringComparison.Ordinal);
        Assert.Equal(0, await CaptureFlowCommand.RunAsync(["verify", manifest.Evidence.Location]));
    }

    [Theory]
    [InlineData("add-triage.md:after")]
    [InlineData("add-triage.json:after")]
    public async Task Capture_HostKilledWhileItsCardIsKept_EndsWithBothForms(string point)
    {
        using var state = new TemporaryFolder();
        string id;
        await using (var doomed = await HostProcess.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig, pauseAt: point))
        {
            id = await doomed.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "2s" } });
            await doomed.PausedAsync(point, Until.Patience);

            // Whatever becomes of the card: the evidence is stored by now, and the rights are proven gone.
            Assert.True((await doomed.Api.ManifestAsync(id)).Revocation is { Proven: true });
            await doomed.KillAsync();
        }

        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["status"]!.GetValue<string>() == "completed", $"{capture}\n{host.Log}");
        Assert.Equal(await AnalyzedAsync(host, id, json: true), Encoding.UTF8.GetString(await host.Api.TriageAsync(id)));
        Assert.Equal(["triage.json", "triage.md"], Directory.GetFiles(state.Path, "triage.*", SearchOption.AllDirectories).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>What <c>captureflow analyze</c> says of the downloaded file.</summary>
    private static async Task<string> AnalyzedAsync(TestHost host, string id, bool json)
    {
        using var folder = new TemporaryFolder();
        var copy = Path.Combine(folder.Path, "copy.pcap");
        await File.WriteAllBytesAsync(copy, await host.Api.FileAsync(id));
        using StringWriter output = new();
        Assert.Equal(0, await AnalyzeCommand.RunAsync(copy, json, output, TextWriter.Null, CancellationToken.None));
        return output.ToString();
    }
}
