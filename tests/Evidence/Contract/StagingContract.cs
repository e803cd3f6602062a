using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public abstract class StagingContract : StoreContractTest
{
    [Fact]
    public async Task OpenStagingAsync_Appended_IsThereForTheNextRun()
    {
        await Under.StageAsync(Id, Bytes.AsMemory(0, 100));
        await Under.StageAsync(Id, Bytes.AsMemory(100));

        Assert.Equal(Bytes, await ReadAsync(await Under.Open().TryReadStagedAsync(Id, default)));
    }

    [Fact]
    public async Task OpenStagingAsync_ReadBetween_GoesOnBehindWhatWasRead()
    {
        await Under.StageAsync(Id, Bytes.AsMemory(0, 100));
        var first = await ReadAsync(await Store.TryReadStagedAsync(Id, default));
        await Under.StageAsync(Id, Bytes.AsMemory(100));

        Assert.Equal(Bytes[..100], first);
        Assert.Equal(Bytes, await ReadAsync(await Under.Open().TryReadStagedAsync(Id, default)));
    }

    [Fact]
    public async Task OpenStagingAsync_OpenElsewhere_IsUnavailableUntilClosed()
    {
        var first = await Store.OpenStagingAsync(Id, default);

        await Assert.ThrowsAsync<StepUnavailableException>(() => Under.Open().OpenStagingAsync(Id, default));
        await first.DisposeAsync();
        await using var second = await Under.Open().OpenStagingAsync(Id, default);

        Assert.Equal(0, second.Length);
    }

    [Fact]
    public async Task ResetAsync_Staged_StartsFromByteZero()
    {
        await using (var area = await Store.OpenStagingAsync(Id, default))
        {
            await area.AppendAsync(Make.Noise(500), default);
            await area.FlushAsync(default);
            await area.ResetAsync(default);
            Assert.Equal(0, area.Length);
            await area.AppendAsync(Bytes, default);
            await area.FlushAsync(default);
        }

        Assert.Equal(Bytes, await ReadAsync(await Store.TryReadStagedAsync(Id, default)));
    }

    [Fact]
    public async Task ResetAsync_StagedAndRead_DropsAllOfIt()
    {
        await Under.StageAsync(Id, Make.Noise(500));
        await ReadAsync(await Store.TryReadStagedAsync(Id, default));
        await using (var area = await Store.OpenStagingAsync(Id, default))
        {
            await area.ResetAsync(default);
        }

        Assert.Null(await Store.TryReadStagedAsync(Id, default));
    }

    [Fact]
    public async Task TryReadStagedAsync_NothingStaged_IsNull()
    {
        await Under.StageAsync(Id, default);

        Assert.Null(await Store.TryReadStagedAsync(Id, default));
        Assert.Null(await Store.TryReadStagedAsync(CaptureIds.New(), default));
    }

    [Fact]
    public async Task OpenStagingAsync_AlreadyStored_RefusesAndLeavesTheFileAlone()
    {
        await StoreAsync();

        await Assert.ThrowsAsync<StepUnavailableException>(() => Store.OpenStagingAsync(Id, default));

        Assert.Equal(Bytes, await ReadAsync(await Store.TryOpenFileAsync(Id, "capture.pcap", default)));
    }

    [Fact]
    public async Task EnsureDiscardedAsync_Staged_RemovesItAndNeverWhatIsStored()
    {
        await Under.StageAsync(Id, Bytes);
        await Store.EnsureDiscardedAsync(Id, default);
        Assert.Null(await Store.TryReadStagedAsync(Id, default));
        Assert.False(await Under.HasStagingAsync());

        await StoreAsync();
        await Store.EnsureDiscardedAsync(Id, default);

        Assert.NotNull(await Store.TryReadManifestAsync(Id, default));
        Assert.Equal(Bytes, await ReadAsync(await Store.TryOpenFileAsync(Id, "capture.pcap", default)));
    }

    [Fact]
    public async Task EnsureDiscardedAsync_StagedAndRead_RemovesIt()
    {
        await Under.StageAsync(Id, Bytes);
        await ReadAsync(await Store.TryReadStagedAsync(Id, default));

        await Store.EnsureDiscardedAsync(Id, default);
        await Store.EnsureDiscardedAsync(Id, default);

        Assert.Null(await Under.Open().TryReadStagedAsync(Id, default));
        Assert.False(await Under.HasStagingAsync());
    }
}
