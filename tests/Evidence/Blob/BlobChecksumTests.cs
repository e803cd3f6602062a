using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class BlobChecksumTests(AzuriteFixture azurite) : BlobFaultTest(azurite)
{
    [Fact]
    public async Task AppendAsync_BlocksAsOnAzure_CarryTheirCrc64AndArrive()
    {
        await StageAsync(Fronted(), Id);

        Assert.Equal(Bytes, await ReadAsync(await Under.Store.TryReadStagedAsync(Id, default)));
        Assert.Equal((Bytes.Length + 63) / 64, Front.Requests.Count(request => request.IsBlock));
    }

    [Fact]
    public async Task AppendAsync_BlockDamagedOnTheWay_IsRefusedByTheServiceAndSentAgain()
    {
        var damaged = 0;
        Front.Rule = request => request.IsBlock && Interlocked.Increment(ref damaged) == 2 ? new() { Corrupt = true } : null;

        await StageAsync(Fronted(), Id);

        Assert.Equal(((Bytes.Length + 63) / 64) + 1, damaged);
        Assert.Equal(Bytes, await ReadAsync(await Under.Store.TryReadStagedAsync(Id, default)));
    }

    [Fact]
    public async Task AppendAsync_EveryBlockDamaged_IsWorthRepeatingAndNothingIsStaged()
    {
        Front.Rule = request => request.IsBlock ? new() { Corrupt = true } : null;

        await Assert.ThrowsAsync<StepUnavailableException>(() => StageAsync(Fronted(), Id));

        Assert.Null(await Under.Store.TryReadStagedAsync(Id, default));
    }

    [Fact]
    public async Task AppendAsync_Emulator_SendsMd5WhichAzuriteChecks()
    {
        var block = BlockId.Of(0, Bytes).Text;
        var blob = new StagedBlob(Under.Access, Id, TimeProvider.System).Blob;
        using var content = new MemoryStream(Bytes);

        var refused = await Assert.ThrowsAsync<Azure.RequestFailedException>(() => blob.StageBlockAsync(
            block, content, new() { TransferValidation = new() { ChecksumAlgorithm = Under.Access.Checksum, PrecalculatedChecksum = new byte[16] } }));

        Assert.True(BlobRefusals.IsChecksum(refused));
    }

    [Fact]
    public async Task EnsureStoredAsync_StoredBytesDifferFromTheTransfer_StoresNothing()
    {
        // A service that took damaged bytes for good: what counts is what is read back.
        await Under.StageAsync(Id, (byte[])[.. Bytes[..^1], 99]);

        var result = await Under.Store.EnsureStoredAsync(Manifest(), default);

        Assert.Equal(FaultCodes.FileMismatch, Assert.Single(result.Faults).Code);
        Assert.Null(await Under.Store.TryReadManifestAsync(Id, default));
    }
}
