using System.Diagnostics;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>Runs that end anywhere: what they leave, and what the next run makes of it.</summary>
public sealed class BlobCrashTests(AzuriteFixture azurite) : BlobFaultTest(azurite)
{
    [Fact]
    public async Task OpenStagingAsync_RunGoneBetweenBlocks_ResumesAtTheFirstMissingByteOnceItsLeaseIsOver()
    {
        // Not disposed: a killed process releases nothing.
        var gone = await Under.Open().OpenStagingAsync(Id, default);
        await gone.AppendAsync(Bytes.AsMemory(0, 150), default);

        await Assert.ThrowsAsync<StepUnavailableException>(() => Under.Open().OpenStagingAsync(Id, default));
        await using var next = await UntilOpenAsync();

        Assert.Equal(128, next.Length);
        await next.AppendAsync(Bytes.AsMemory(128), default);
        await next.FlushAsync(default);
        await next.DisposeAsync();
        var result = await Under.Store.EnsureStoredAsync(Manifest(), default);
        Assert.True(result.Succeeded, string.Join(' ', result.Faults));
        await gone.DisposeAsync();
    }

    [Fact]
    public async Task AppendAsync_LeaseTakenByAnother_StopsTheOneThatSlept()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var slept = await new BlobStore(Under.Access, Under.Options, time, Microsoft.Extensions.Logging.Abstractions.NullLogger<BlobStore>.Instance).OpenStagingAsync(Id, default);
        await Under.EndLeaseAsync(Id);
        await using var other = await Under.Open().OpenStagingAsync(Id, default);
        time.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<StepUnavailableException>(async () => await slept.AppendAsync(Bytes, default));

        Assert.Equal(0, slept.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EnsureStoredAsync_CutAtEachRequest_StoresBothInTheEnd(bool arrived)
    {
        var cut = 1;
        for (var whole = false; !whole; cut++)
        {
            var id = CaptureIds.New();
            await StageAsync(Under.Store, id);
            var from = Front.Requests.Count + cut;
            Front.Rule = request => request.Number < from ? null : arrived && request.Number == from ? new() { LoseAnswer = true } : new() { Reset = true };
            try
            {
                whole = (await Fronted(retries: 0).EnsureStoredAsync(Manifest(id), default)).Succeeded && Front.Requests.Count < from;
            }
            catch (StepUnavailableException)
            {
                // As a killed process: what it did, it did.
            }

            var seen = await Under.Open().TryReadManifestAsync(id, default);
            var file = await Under.Open().TryOpenFileAsync(id, "capture.pcap", default);
            Assert.Equal(seen is null, file is null);
            await Under.EndLeaseAsync(id);
            var result = await Under.Open().EnsureStoredAsync(Manifest(id), default);
            Assert.True(result.Succeeded, $"cut at {cut}: {string.Join(' ', result.Faults)}");
            Assert.Equal(Bytes, await ReadAsync(await Under.Open().TryOpenFileAsync(id, "capture.pcap", default)));
            Assert.Equal(["capture.pcap", "manifest.json"], await Under.NamesAsync(Manifest(id).Plan.Order));
        }

        Assert.InRange(cut, 10, 40);
    }

    [Fact]
    public async Task EnsureStoredAsync_AnotherRunStagesOtherBytesMeanwhile_StoresWhatWasRead()
    {
        await StageAsync(Under.Store, Id);
        await ReadAsync(await Under.Store.TryReadStagedAsync(Id, default));
        var blob = new StagedBlob(Under.Access, Id, TimeProvider.System).Blob;
        using var other = new MemoryStream(Make.Noise(64));
        await blob.StageBlockAsync(BlockId.Of(0, Make.Noise(64)).Text, other);

        var result = await Under.Store.EnsureStoredAsync(Manifest(), default);

        Assert.True(result.Succeeded, string.Join(' ', result.Faults));
        Assert.Equal(Bytes, await ReadAsync(await Under.Store.TryOpenFileAsync(Id, "capture.pcap", default)));
    }

    [Fact]
    public async Task EnsureStoredAsync_SecondRunnerWithOtherEvidence_IsNameTakenAndReplacesNothing()
    {
        await StageAsync(Under.Store, Id);
        var lost = Manifest() with { Plan = Make.Plan(Id) with { PodUid = "another" } };
        Task<StepResult<StoredEvidence>>? winner = null;

        // The other run commits everything just before this one writes its manifest.
        Front.Rule = request =>
        {
            if (request.Method == "PUT" && request.Path.EndsWith("manifest.json", StringComparison.Ordinal))
            {
                winner ??= Under.Open().EnsureStoredAsync(Manifest(), default);
                Assert.True(SpinWait.SpinUntil(() => winner.IsCompleted, TimeSpan.FromSeconds(20)));
            }

            return null;
        };
        var result = await Fronted().EnsureStoredAsync(lost, default);

        Assert.True((await winner!).Succeeded);
        Assert.Equal(FaultCodes.NameTaken, Assert.Single(result.Faults).Code);
        Assert.Equal("uid-1", (await Under.Store.TryReadManifestAsync(Id, default))?.Plan.PodUid);
    }

    private async Task<IStagingArea> UntilOpenAsync()
    {
        var waiting = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ReadAsync(await Under.Open().TryReadStagedAsync(Id, default));
                return await Under.Open().OpenStagingAsync(Id, default);
            }
            catch (StepUnavailableException) when (waiting.Elapsed < TimeSpan.FromSeconds(40))
            {
                await Task.Delay(200);
            }
        }
    }
}
