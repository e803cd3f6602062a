using System.Diagnostics;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public abstract class StoringContract : StoreContractTest
{
    [Fact]
    public async Task EnsureStoredAsync_Repeated_ReadsBackAndAgrees()
    {
        var manifest = await StagedAsync();
        var first = await Store.EnsureStoredAsync(manifest, default);

        var second = await Under.Open().EnsureStoredAsync(manifest, default);

        Assert.True(second.Succeeded);
        Assert.Equal(Json(first.Value), Json(second.Value));
        Assert.Equal(["capture.pcap", "manifest.json"], await Under.NamesAsync(manifest.Plan.Order));
        Assert.False(await Under.HasStagingAsync());
    }

    [Fact]
    public async Task EnsureStoredAsync_Stored_LocationIsInTheManifest()
    {
        var evidence = await StoreAsync();

        Assert.EndsWith($"{Id}/capture.pcap", evidence.Location, StringComparison.Ordinal);
        Assert.Equal(evidence.Location, (await Under.Open().TryReadManifestAsync(Id, default))?.Evidence.Location);
    }

    [Fact]
    public async Task EnsureStoredAsync_OtherCaptureOfThatId_IsNameTaken()
    {
        await StoreAsync();
        var other = Manifest(Bytes) with { Plan = Make.Plan(Id) with { PodUid = "another" } };

        var result = await Store.EnsureStoredAsync(other, default);

        Assert.Equal(FaultCodes.NameTaken, Assert.Single(result.Faults).Code);
        Assert.Equal("uid-1", (await Store.TryReadManifestAsync(Id, default))?.Plan.PodUid);
    }

    [Fact]
    public async Task EnsureStoredAsync_StoredFileChanged_IsAMismatch()
    {
        var manifest = await StagedAsync();
        await StoreAsync(manifest);
        await Under.ReplaceAsync(Id, "capture.pcap", [.. Bytes[..^1], 77]);

        var result = await Store.EnsureStoredAsync(manifest, default);

        Assert.Equal(FaultCodes.FileMismatch, Assert.Single(result.Faults).Code);
    }

    [Fact]
    public async Task EnsureStoredAsync_StoredManifestDamaged_IsNameTaken()
    {
        var manifest = await StagedAsync();
        await StoreAsync(manifest);
        await Under.ReplaceAsync(Id, "manifest.json", "{ \"schema\":"u8.ToArray());

        var result = await Store.EnsureStoredAsync(manifest, default);

        Assert.Equal(FaultCodes.NameTaken, Assert.Single(result.Faults).Code);
    }

    [Fact]
    public async Task EnsureStoredAsync_StagedBytesAreOthers_StoresNothing()
    {
        var manifest = await StagedAsync();
        await Under.StageAsync(Id, new byte[1]);

        var result = await Store.EnsureStoredAsync(manifest, default);

        Assert.Equal(FaultCodes.FileMismatch, Assert.Single(result.Faults).Code);
        Assert.Null(await Store.TryReadManifestAsync(Id, default));
        Assert.Equal(Bytes.Length + 1, (await ReadAsync(await Store.TryReadStagedAsync(Id, default)))?.Length);
    }

    [Fact]
    public async Task EnsureStoredAsync_NothingStagedButDescribed_StoresNothing()
    {
        var result = await Store.EnsureStoredAsync(Manifest(Bytes), default);

        Assert.Equal(FaultCodes.FileMismatch, Assert.Single(result.Faults).Code);
        Assert.Null(await Store.TryReadManifestAsync(Id, default));
    }

    [Fact]
    public async Task EnsureStoredAsync_NoFile_StoresTheManifestAlone()
    {
        var manifest = Manifest([]);
        manifest = manifest with { Evidence = manifest.Evidence with { FileName = null, Sha256 = string.Empty, Verdict = Verdict.Failed } };

        var first = await Store.EnsureStoredAsync(manifest, default);
        var second = await Store.EnsureStoredAsync(manifest, default);

        Assert.True(first.Succeeded);
        Assert.Equal(Json(first.Value), Json(second.Value));
        Assert.Equal(["manifest.json"], await Under.NamesAsync(manifest.Plan.Order));
        Assert.Null(await Store.TryOpenFileAsync(Id, "capture.pcap", default));
    }

    [Fact]
    public async Task EnsureStoredAsync_TwoRunnersAtOnce_StoreOneAndAgree()
    {
        for (var round = 0; round < 20; round++)
        {
            var id = CaptureIds.New();
            await Under.StageAsync(id, Bytes);
            var manifest = Manifest(Bytes, id);

            var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => UntilAvailableAsync(Under.Open(), manifest))));

            Assert.All(results, result => Assert.True(result.Succeeded, string.Join(' ', result.Faults)));
            Assert.Equal(Json(results[0].Value), Json(results[1].Value));
            Assert.Equal(["capture.pcap", "manifest.json"], await Under.NamesAsync(manifest.Plan.Order));
        }

        Assert.False(await Under.HasStagingAsync());
    }

    private static async Task<StepResult<StoredEvidence>> UntilAvailableAsync(ICaptureStore store, CaptureManifest manifest)
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await store.EnsureStoredAsync(manifest, default);
            }
            catch (StepUnavailableException) when (waiting.Elapsed < TimeSpan.FromSeconds(30))
            {
                // As the orchestrator's retry policy does.
                await Task.Delay(5);
            }
        }
    }
}
