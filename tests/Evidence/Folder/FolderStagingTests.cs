using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class FolderStagingTests : FolderStoreTest
{
    [Fact]
    public async Task OpenStagingAsync_Appended_IsThereForTheNextRun()
    {
        await Temp.StageAsync(Id, Bytes.AsMemory(0, 100));
        await Temp.StageAsync(Id, Bytes.AsMemory(100));

        Assert.Equal(Bytes, await ReadAsync(await Temp.Open().TryReadStagedAsync(Id, default)));
    }

    [Fact]
    public async Task OpenStagingAsync_OpenElsewhere_IsUnavailableUntilClosed()
    {
        var first = await Temp.Store.OpenStagingAsync(Id, default);

        await Assert.ThrowsAsync<StepUnavailableException>(() => Temp.Open().OpenStagingAsync(Id, default));
        await first.DisposeAsync();
        await using var second = await Temp.Open().OpenStagingAsync(Id, default);

        Assert.Equal(0, second.Length);
    }

    [Fact]
    public async Task ResetAsync_Staged_StartsFromByteZero()
    {
        await using (var area = await Temp.Store.OpenStagingAsync(Id, default))
        {
            await area.AppendAsync(Make.Noise(500), default);
            await area.ResetAsync(default);
            Assert.Equal(0, area.Length);
            await area.AppendAsync(Bytes, default);
        }

        Assert.Equal(Bytes, await ReadAsync(await Temp.Store.TryReadStagedAsync(Id, default)));
    }

    [Fact]
    public async Task TryReadStagedAsync_NothingStaged_IsNull()
    {
        await Temp.StageAsync(Id, default);

        Assert.Null(await Temp.Store.TryReadStagedAsync(Id, default));
        Assert.Null(await Temp.Store.TryReadStagedAsync(CaptureIds.New(), default));
    }

    [Fact]
    public async Task OpenStagingAsync_AlreadyStored_RefusesAndLeavesTheFileAlone()
    {
        var evidence = await StoreAsync();

        await Assert.ThrowsAsync<StepUnavailableException>(() => Temp.Store.OpenStagingAsync(Id, default));

        Assert.Equal(Bytes, await File.ReadAllBytesAsync(evidence.Location));
    }

    [Fact]
    public async Task EnsureDiscardedAsync_Staged_RemovesItAndNeverWhatIsStored()
    {
        await Temp.StageAsync(Id, Bytes);
        await Temp.Store.EnsureDiscardedAsync(Id, default);
        Assert.Null(await Temp.Store.TryReadStagedAsync(Id, default));

        await StoreAsync();
        await Temp.Store.EnsureDiscardedAsync(Id, default);

        Assert.NotNull(await Temp.Store.TryReadManifestAsync(Id, default));
    }
}
