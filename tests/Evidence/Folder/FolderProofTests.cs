using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class FolderProofTests : FolderStoreTest
{
    [Fact]
    public async Task EnsureProofAsync_Stored_AddsProofAndTimelineOnce()
    {
        await StoreAsync();
        var proof = Proof("404 NotFound", holds: true);
        StepRecord[] timeline = [new(CaptureSteps.RevokePermission, Make.Noon, Make.Noon.AddSeconds(2))];

        await Temp.Store.EnsureProofAsync(Id, proof, timeline, default);
        await Temp.Open().EnsureProofAsync(Id, Proof("403 Forbidden", holds: true), [], default);

        var manifest = await Temp.Store.TryReadManifestAsync(Id, default);
        Assert.Equal("404 NotFound", Assert.Single(manifest!.Revocation!.Answers).Answer);
        Assert.Equal(timeline, manifest.Timeline);
        Assert.Equal(["capture.pcap", "manifest.json"], Names(Path.GetDirectoryName(manifest.Evidence.Location)!));
    }

    [Fact]
    public async Task EnsureProofAsync_UnprovenBefore_IsReplacedByTheProvenOneOnly()
    {
        await StoreAsync();

        await Temp.Store.EnsureProofAsync(Id, Proof("200 OK", holds: false), [], default);
        await Temp.Store.EnsureProofAsync(Id, Proof("404 NotFound", holds: true), [], default);
        await Temp.Store.EnsureProofAsync(Id, Proof("200 OK", holds: false), [], default);

        Assert.True((await Temp.Store.TryReadManifestAsync(Id, default))?.Revocation?.Proven);
    }

    [Fact]
    public async Task EnsureProofAsync_ManyAtOnce_TheProvenOneStays()
    {
        await StoreAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Temp.Open().EnsureProofAsync(Id, Proof($"{i}", holds: i == 5), [], default))));

        Assert.True((await Temp.Store.TryReadManifestAsync(Id, default))?.Revocation?.Proven);
    }

    [Fact]
    public async Task EnsureProofAsync_NothingStored_DoesNothing()
    {
        await Temp.Store.EnsureProofAsync(Id, Proof("404 NotFound", holds: true), [], default);

        Assert.Null(await Temp.Store.TryReadManifestAsync(Id, default));
    }

    private static RevocationProof Proof(string answer, bool holds) =>
        RevocationProof.Of([new("rolebinding shop/cf", "404 NotFound", answer, holds, Make.Noon)]);
}
