using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public abstract class ProofContract : StoreContractTest
{
    [Fact]
    public async Task EnsureProofAsync_Stored_AddsProofAndTimelineOnce()
    {
        await StoreAsync();
        StepRecord[] timeline = [new(CaptureSteps.RevokePermission, Make.Noon, Make.Noon.AddSeconds(2))];

        await Store.EnsureProofAsync(Id, Proof("404 NotFound", holds: true), timeline, default);
        await Under.Open().EnsureProofAsync(Id, Proof("403 Forbidden", holds: true), [], default);

        var manifest = await Store.TryReadManifestAsync(Id, default);
        Assert.Equal("404 NotFound", Assert.Single(manifest!.Revocation!.Answers).Answer);
        Assert.Equal(timeline, manifest.Timeline);
        Assert.Equal(["capture.pcap", "manifest.json"], await Under.NamesAsync(manifest.Plan.Order));
    }

    [Fact]
    public async Task EnsureProofAsync_UnprovenBefore_IsReplacedByTheProvenOneOnly()
    {
        await StoreAsync();

        await Store.EnsureProofAsync(Id, Proof("200 OK", holds: false), [], default);
        await Store.EnsureProofAsync(Id, Proof("404 NotFound", holds: true), [], default);
        await Store.EnsureProofAsync(Id, Proof("200 OK", holds: false), [], default);

        Assert.True((await Store.TryReadManifestAsync(Id, default))?.Revocation?.Proven);
    }

    [Fact]
    public async Task EnsureProofAsync_ManyAtOnce_TheProvenOneStays()
    {
        await StoreAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Under.Open().EnsureProofAsync(Id, Proof($"{i}", holds: i == 5), [], default))));

        Assert.True((await Store.TryReadManifestAsync(Id, default))?.Revocation?.Proven);
    }

    [Fact]
    public async Task EnsureProofAsync_NothingStored_DoesNothing()
    {
        await Store.EnsureProofAsync(Id, Proof("404 NotFound", holds: true), [], default);

        Assert.Null(await Store.TryReadManifestAsync(Id, default));
    }

    private static RevocationProof Proof(string answer, bool holds) =>
        RevocationProof.Of([new("rolebinding shop/cf", "404 NotFound", answer, holds, Make.Noon)]);
}
