using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Evidence;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The log of whole captures, and <c>verify</c> on what the host stored.</summary>
public sealed class CustodyTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Capture_StoppedAndDownloaded_LogTellsAllAndVerifyFindsEachTampering()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);
        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" }, reason = "checkout is slow" });
        await host.Api.WhenAsync(id, "capturing");
        await host.Api.PostAsync($"/api/captures/{id}/stop");
        await host.Api.WhenEndedAsync(id);

        await StoredCapture.VerifiedAsync(host.Api, id);
        await host.Api.FileAsync(id);

        var entries = CustodyChain.Read(id, await host.Api.LogAsync(id)).Entries.Select(entry => entry.Entry).ToList();
        Assert.Equal(
            ["asked", "granted", "attached", "stopAsked", "stopped", "fetched", "stored", "revoked", "downloaded", "downloaded"], entries.Select(entry => entry.Event));
        Assert.Equal(("anonymous", "checkout is slow"), (entries[0].By, entries[0].Facts["reason"]));
        Assert.Equal("Stopped", entries[4].Facts["endedBy"]);
        var file = Assert.Single(Directory.GetFiles(state.Path, "capture.pcap", SearchOption.AllDirectories));
        Assert.Equal(0, await VerifyAsync(file));
        Assert.Equal(0, await VerifyAsync(id, "--server", host.Api.Server.AbsoluteUri));
        Assert.Equal(8, await AfterAsync(file, "file"));
        Assert.Equal(8, await AfterAsync(Path.Combine(Path.GetDirectoryName(file)!, "manifest.json"), "sealed"));
        Assert.Equal(8, await AfterAsync(Assert.Single(Directory.GetFiles(state.Path, id + ".jsonl", SearchOption.AllDirectories)), "log"));
        Assert.Equal(0, await VerifyAsync(file));

        // With the host's own key it is anchored, and written anew without it, hashes and all, it is not.
        var pub = Path.Combine(state.Path, "custody.pub");
        using (var key = await CustodySigning.OfFileAsync(Path.Combine(state.Path, "custody.key"), TimeProvider.System, default))
        {
            await File.WriteAllTextAsync(pub, key.PublicPem);
        }

        var log = Assert.Single(Directory.GetFiles(state.Path, id + ".jsonl", SearchOption.AllDirectories));
        var asWritten = await File.ReadAllBytesAsync(log);
        Assert.Equal(0, await VerifyAsync(file, "--key", pub));
        Assert.Equal(0, await VerifyAsync(id, "--key", pub, "--server", host.Api.Server.AbsoluteUri));
        await File.WriteAllBytesAsync(log, CustodyChain.Continue(id, [], entries).Append);
        Assert.Equal("signed", (await EvidenceSource.CheckFileAsync(file, CustodyPublicKeys.Read(await File.ReadAllTextAsync(pub)).Keys, default))
            .Report!.Checks.Last(check => check.Holds == false).Name);
        Assert.Equal(8, await VerifyAsync(file, "--key", pub));
        await File.WriteAllBytesAsync(log, asWritten);
        Assert.Equal(6, await VerifyAsync(Path.Combine(state.Path, "none.pcap")));
        Assert.Equal(6, await VerifyAsync(CaptureIds.New(), "--server", host.Api.Server.AbsoluteUri));

        // Changes one byte of a file, sees that the check of that name is what verify finds first, and puts the byte back.
        async Task<int> AfterAsync(string path, string check)
        {
            var bytes = await File.ReadAllBytesAsync(path);
            var at = bytes.AsSpan().IndexOf("checkout is slow"u8) is >= 0 and var reason ? reason : bytes.Length - 10;
            bytes[at] ^= 1;
            await File.WriteAllBytesAsync(path, bytes);
            var (report, _) = await EvidenceSource.CheckFileAsync(file, null, default);
            var code = await VerifyAsync(file);
            bytes[at] ^= 1;
            await File.WriteAllBytesAsync(path, bytes);
            Assert.Equal(check, report!.Checks.First(c => c.Holds != true).Name);
            return code;
        }
    }

    [Fact]
    public async Task Capture_Cancelled_ItsLogSaysWhoEndedItAndThatTheRightsAreGone()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);
        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
        await host.Api.WhenAsync(id, "capturing");

        await host.Api.PostAsync($"/api/captures/{id}/cancel");
        await host.Api.WhenEndedAsync(id);

        var reading = CustodyChain.Read(id, await host.Api.LogAsync(id));
        Assert.Null(reading.Broken);
        Assert.Equal(["asked", "granted", "attached"], reading.Entries.Take(3).Select(entry => entry.Entry.Event));
        Assert.Equal(["cancelAsked", "discarded", "revoked"], reading.Entries.Skip(3).Select(entry => entry.Entry.Event).Order(StringComparer.Ordinal));
        Assert.Equal("true", reading.Entries.Single(entry => entry.Entry.Event == "revoked").Entry.Facts["proven"]);
    }

    private static Task<int> VerifyAsync(params string[] arguments) => CaptureFlowCommand.RunAsync(["verify", .. arguments]);
}
