using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence.Tests;

public sealed class FolderRefusalTests : IDisposable
{
    private readonly string _empty = Directory.CreateTempSubdirectory("captureflow-disk-").FullName;
    private readonly CapturePlan _plan = Make.Plan();

    public void Dispose() => Directory.Delete(_empty, recursive: true);

    [Fact]
    public async Task AppendAsync_DiskFull_IsRefusedWithARemedyAndKeepsWhatIsStaged()
    {
        using var disk = await SmallDisk.MountAsync(_empty);
        var store = TempStore.Open(disk.Folder);
        var bytes = Make.Noise(3 << 20);

        long staged;
        StoreRefusedException refusal;
        await using (var area = await store.OpenStagingAsync(_plan.Order.CaptureId, default))
        {
            refusal = await Assert.ThrowsAsync<StoreRefusedException>(async () =>
            {
                for (var at = 0; at < bytes.Length; at += 100_000)
                {
                    await area.AppendAsync(bytes.AsMemory(at, Math.Min(100_000, bytes.Length - at)), default);
                }
            });
            staged = area.Length;
        }

        Assert.Equal(FaultCodes.StoreRefused, refusal.Fault.Code);
        Assert.Contains("disk is full", refusal.Fault.Message, StringComparison.Ordinal);
        Assert.Contains(disk.Folder, refusal.Fault.Remedy, StringComparison.Ordinal);
        Assert.InRange(staged, 1_000_000, 2 << 20);
        await using var file = await store.TryReadStagedAsync(_plan.Order.CaptureId, default);
        var kept = new byte[staged];
        await file!.ReadExactlyAsync(kept);
        Assert.Equal(bytes[..(int)staged], kept);
    }

    [Fact]
    public async Task RetrieveAsync_DiskFull_IsAFaultAndGoesOnOnceThereIsSpace()
    {
        using var disk = await SmallDisk.MountAsync(_empty);
        var ballast = Path.Combine(disk.Folder, "..", "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[1 << 20]);
        var bytes = Make.Noise(3 << 19);
        var site = new FakeSite(bytes);
        var retriever = new EvidenceRetriever(
            site, TempStore.Open(disk.Folder), Options.Create(new RetrievalOptions()), TimeProvider.System, NullLogger<EvidenceRetriever>.Instance);
        var request = new RetrieveRequest(_plan, Make.Grant(_plan), Make.Tapped(bytes));

        var refused = await retriever.RetrieveAsync(request, default);
        File.Delete(ballast);
        var done = await retriever.RetrieveAsync(request, default);

        Assert.Equal(FaultCodes.StoreRefused, Assert.Single(refused.Faults).Code);
        Assert.True(done.Value?.Complete);
        Assert.Equal(2, site.Offsets.Count);
        Assert.InRange(site.Offsets[1], refused.Value!.Bytes, bytes.Length);
    }

    [Fact]
    public async Task EnsureStoredAsync_DiskFull_IsAFaultAndStoresNothing()
    {
        using var disk = await SmallDisk.MountAsync(_empty);
        var store = TempStore.Open(disk.Folder);
        byte[] bytes = new PcapBytes().Packets(3, 50);
        await using (var area = await store.OpenStagingAsync(_plan.Order.CaptureId, default))
        {
            await area.AppendAsync(bytes, default);
        }

        await Assert.ThrowsAsync<IOException>(() => File.WriteAllBytesAsync(Path.Combine(disk.Folder, "..", "ballast"), new byte[3 << 20]));

        var result = await Make.Recorder(store, TempStore.Log(disk.Folder)).RecordAsync(Make.StoreRequest(_plan, bytes, 3), default);

        Assert.Equal(FaultCodes.StoreRefused, Assert.Single(result.Faults).Code);
        Assert.Null(await store.TryReadManifestAsync(_plan.Order.CaptureId, default));
        await using var staged = await store.TryReadStagedAsync(_plan.Order.CaptureId, default);
        Assert.Equal(bytes.Length, staged?.Length);
    }

    [Fact]
    public void Translate_NotAllowed_NamesTheFolderAndTheOption()
    {
        var refusal = Assert.IsType<StoreRefusedException>(FolderRefusals.Translate(new UnauthorizedAccessException("Permission denied"), "/captures"));

        Assert.Equal(FaultCodes.StoreRefused, refusal.Fault.Code);
        Assert.Contains("/captures", refusal.Fault.Remedy, StringComparison.Ordinal);
        Assert.Contains("CaptureFlow:FolderStore:Folder", refusal.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Translate_AnythingElse_IsWorthRepeating()
    {
        var translated = FolderRefusals.Translate(new IOException("Input/output error", 5), "/captures");

        Assert.IsType<StepUnavailableException>(translated);
    }
}
