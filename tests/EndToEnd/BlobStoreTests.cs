using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using CaptureFlow.Evidence;
using CaptureFlow.Azurite;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>Whole captures whose evidence goes into blobs: the local host as it is, configured for a container on Azurite.</summary>
public sealed class BlobStoreTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>, IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();
    private AzuriteServer? _azurite;
    private BlobContainerClient? _container;

    public async ValueTask InitializeAsync()
    {
        _azurite = await AzuriteServer.StartAsync();
        var azurite = _azurite.ServiceUri;
        _container = new BlobServiceClient($"{AzuriteServer.ConnectionString};BlobEndpoint={azurite}").GetBlobContainerClient("captures");
        await _container.CreateAsync();
        await File.WriteAllTextAsync(
            Path.Combine(_state.Path, "captureflow.json"),
            JsonSerializer.Serialize(new { CaptureFlow = new { BlobStore = new { ServiceUri = azurite, Emulator = true } } }));
    }

    public async ValueTask DisposeAsync()
    {
        _state.Dispose();
        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }

    [Fact]
    public async Task Capture_StoredInBlobs_IsFoundAndDownloadedByALink()
    {
        await using var host = await HostWithin.StartAsync(_state.Path, fixture.Sandbox.CaptureFlowKubeconfig);

        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "3s" } });
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        var (manifest, file) = await DownloadedAsync(host, id);
        Assert.Equal(manifest.Tapped!.Bytes, file.Length);
        Assert.True(manifest.Revocation?.Proven);
        Assert.False(Directory.Exists(Path.Combine(_state.Path, "evidence")));
        var card = (await _container!.GetBlobClient($"{id}/triage.json").DownloadContentAsync()).Value.Content;
        Assert.Equal(card.ToArray(), await host.Api.TriageAsync(id));
        Assert.Contains($"\"packets\": {manifest.Walked!.Packets}", card.ToString(), StringComparison.Ordinal);
        Assert.Contains(id, await ListedAsync(host, "?namespace=shop&pod=web&verdict=Complete"));
        Assert.Contains(id, await ListedAsync(host, string.Empty));
        Assert.DoesNotContain(id, await ListedAsync(host, "?namespace=pay"));
        Assert.DoesNotContain("sig=", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Capture_HostKilledBetweenBlocks_GoesOnAndCompletesOnce()
    {
        string id;
        await using (var doomed = await HostProcess.StartAsync(_state.Path, fixture.Sandbox.CaptureFlowKubeconfig, pauseAt: "retrieve:during"))
        {
            id = await doomed.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "3s" } });
            await doomed.PausedAsync("retrieve:during", Until.Patience);
            await doomed.KillAsync();
        }

        await using var host = await HostWithin.StartAsync(_state.Path, fixture.Sandbox.CaptureFlowKubeconfig);
        // What the killed host held ends by itself after 15 seconds.
        var capture = await host.Api.WhenEndedAsync(id);

        Assert.True(capture["verdict"]?.GetValue<string>() == "Complete", $"{capture}\n{host.Log}");
        await DownloadedAsync(host, id);
        Assert.Empty(await fixture.Sandbox.LeftOversAsync());
        List<string> names = [];
        await foreach (var blob in _container!.GetBlobsAsync())
        {
            names.Add(blob.Name);
        }

        Assert.Single(names, name => name.EndsWith("/capture.pcap", StringComparison.Ordinal));
        Assert.DoesNotContain(names, name => name.StartsWith("staging/", StringComparison.Ordinal));
    }

    /// <summary>The file by its link, compared with the manifest.</summary>
    private async Task<(CaptureManifest Manifest, byte[] File)> DownloadedAsync(TestHost host, string id)
    {
        var manifest = await host.Api.ManifestAsync(id);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var redirect = await client.GetAsync(new Uri(host.Api.Server, $"/api/captures/{id}/files/capture.pcap"));
        Assert.Equal(HttpStatusCode.Found, redirect.StatusCode);
        var link = redirect.Headers.Location!;
        Assert.Equal(_container!.Uri.Authority, link.Authority);
        Assert.Contains("se=", link.Query, StringComparison.Ordinal);
        var file = await client.GetByteArrayAsync(link);
        Assert.Equal(manifest.Evidence.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)));
        Assert.StartsWith(manifest.Evidence.Location, link.AbsoluteUri, StringComparison.Ordinal);
        var log = (await _container.GetBlobClient($"log/{id}.jsonl").DownloadContentAsync()).Value.Content.ToString();
        var reading = CustodyChain.Read(id, System.Text.Encoding.UTF8.GetBytes(log));
        Assert.Null(reading.Broken);
        Assert.Equal(CustodyEvents.Downloaded, reading.Entries[^1].Entry.Event);
        return (manifest, file);
    }

    private static async Task<IEnumerable<string>> ListedAsync(TestHost host, string query)
    {
        using var client = new HttpClient(new SocketsHttpHandler());
        var list = JsonNode.Parse(await client.GetStringAsync(new Uri(host.Api.Server, "/api/captures" + query)))!;
        return [.. list["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>())];
    }
}
