using System.Security.Cryptography;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>What is recorded beside the bytes, and what a hold keeps.</summary>
public sealed class BlobKeptTests(AzuriteFixture azurite) : BlobFaultTest(azurite)
{
    [Fact]
    public async Task EnsureStoredAsync_Stored_HashesMetadataTagsAndTypeAreOnTheBlobs()
    {
        await StoreAsync();

        var blobs = (await Under.BlobsAsync(null)).ToDictionary(blob => blob.Name);
        var file = blobs[$"{Id}/capture.pcap"];
        Assert.Equal("application/vnd.tcpdump.pcap", file.Properties.ContentType);
#pragma warning disable CA5351 // What Content-MD5 is.
        Assert.Equal(MD5.HashData(Bytes), file.Properties.ContentHash);
#pragma warning restore CA5351
        Assert.Equal(Make.Sha256(Bytes), file.Metadata["sha256"]);
        Assert.Equal(("shop", "web", "ada%40example.com", "Complete"), (file.Metadata["namespace"], file.Metadata["pod"], file.Metadata["requestedby"], file.Metadata["verdict"]));
        Assert.Equal(
            "at=2026-03-04T12:00:00.000Z captureId=" + Id + " captureflow=file day=2026-03-04 namespace=shop pod=web requestedBy=ada_example.com verdict=Complete",
            string.Join(' ', file.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}")));
        Assert.Equal("manifest", blobs[$"{Id}/manifest.json"].Tags["captureflow"]);
        Assert.Equal("application/json", blobs[$"{Id}/manifest.json"].Properties.ContentType);
        Assert.Equal("index", blobs[$"index/2026-03-04/1200000000000-{Id}"].Tags["captureflow"]);
        Assert.Equal(3, blobs.Count);
    }

    [Fact]
    public async Task EnsureStoredAsync_TagsOff_WritesNone()
    {
        Under.Options.Tags = false;
        await StoreAsync();

        Assert.All(await Under.BlobsAsync(null), blob => Assert.Null(blob.Tags));
    }

    [Fact]
    public async Task EnsureProofAsync_Added_KeepsTagsAndMetadata()
    {
        await StoreAsync();
        await Under.Store.EnsureProofAsync(Id, RevocationProof.Of([new("q", "a", "a", true, Make.Noon)]), [], default);

        var manifest = (await Under.BlobsAsync($"{Id}/manifest")).Single();

        Assert.Equal("shop", manifest.Tags["namespace"]);
        Assert.Equal("shop", manifest.Metadata["namespace"]);
    }

    [Fact]
    public async Task EnsureStoredAsync_Worm_AsksForPolicyAndHoldOnFileAndManifest()
    {
        await StageAsync(Under.Store, Id);
        (Under.Options.ImmutableDays, Under.Options.LegalHold) = (30, true);
        List<string> policies = [];
        Front.Rule = request => new()
        {
            Alter = headers =>
            {
                // Azurite's containers have no version-level immutability.
                headers["x-ms-immutable-storage-with-versioning-enabled"] = "true";
            },
        };
        Front.Sent = (request, headers) =>
        {
            if (headers.TryGetValue("x-ms-immutability-policy-until-date", out var until) && headers.TryGetValue("x-ms-legal-hold", out var hold))
            {
                policies.Add($"{request.Path} {headers["x-ms-immutability-policy-mode"]} {hold} {DateTimeOffset.Parse(until!, System.Globalization.CultureInfo.InvariantCulture) > TimeProvider.System.GetUtcNow().AddDays(29)}");
            }
        };

        var result = await Fronted().EnsureStoredAsync(Manifest(), default);

        Assert.True(result.Succeeded, string.Join(' ', result.Faults));
        Assert.Equal(["/capture.pcap Unlocked true True", "/manifest.json Unlocked true True"], policies.Select(policy => policy[policy.LastIndexOf('/')..]));
    }

    [Theory]
    [InlineData("x-ms-legal-hold", "true")]
    [InlineData("x-ms-immutability-policy-until-date", "Fri, 01 Jan 2100 00:00:00 GMT")]
    public async Task SweepAsync_UnderHold_KeepsAllOfIt(string header, string value)
    {
        await StoreAsync();
        Front.Rule = request => request.Method == "HEAD" && request.Path.EndsWith("capture.pcap", StringComparison.Ordinal)
            ? new() { Alter = headers => headers[header] = value }
            : null;

        var report = await Under.Retention(Front.Access(Under.Options)).SweepAsync(new RetentionOptions().RulesAt(Make.Noon.AddDays(400)), Make.NoOne, default);

        Assert.Equal([Id], report.Held);
        Assert.Empty(report.Deleted);
        Assert.Equal(["capture.pcap", "manifest.json"], await Under.NamesAsync(Manifest().Plan.Order));
    }

    [Fact]
    public async Task SweepAsync_DeleteRefused_IsHeldAndNothingIsGone()
    {
        await StoreAsync();
        Front.Rule = request => request.Method == "DELETE" ? new() { Status = 409, Code = "BlobImmutableDueToPolicy" } : null;

        var report = await Under.Retention(Front.Access(Under.Options)).SweepAsync(new RetentionOptions().RulesAt(Make.Noon.AddDays(400)), Make.NoOne, default);

        Assert.Equal([Id], report.Held);
        Assert.Equal(["capture.pcap", "manifest.json"], await Under.NamesAsync(Manifest().Plan.Order));
    }

    [Fact]
    public async Task SweepAsync_CutInTheMiddle_IsFinishedByTheNext()
    {
        await StoreAsync();
        var deletes = 0;
        Front.Rule = request => request.Method == "DELETE" && Interlocked.Increment(ref deletes) > 1 ? new() { Reset = true } : null;
        var rules = new RetentionOptions().RulesAt(Make.Noon.AddDays(400));

        await Assert.ThrowsAsync<StepUnavailableException>(() => Under.Retention(Front.Access(Under.Options, retries: 0)).SweepAsync(rules, Make.NoOne, default));
        var hidden = await Under.Store.TryReadManifestAsync(Id, default);
        var next = await Under.Retention().SweepAsync(rules, Make.NoOne, default);

        Assert.Null(hidden);
        Assert.Equal([Id], next.Deleted);
        Assert.True(await Under.IsEmptyAsync());
    }

    private async Task StoreAsync()
    {
        await StageAsync(Under.Store, Id);
        var result = await Under.Store.EnsureStoredAsync(Manifest(), default);
        Assert.True(result.Succeeded, string.Join(' ', result.Faults));
    }
}
