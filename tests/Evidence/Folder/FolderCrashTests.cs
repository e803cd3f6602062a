using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>What a process that was killed leaves on the disk at each step of storing, and what the next run makes of it: file and manifest, or neither.</summary>
public sealed class FolderCrashTests : IDisposable
{
    private static readonly byte[] Bytes = new PcapBytes().Packets(3, 50);
    private readonly TempStore _temp = new();
    private readonly CapturePlan _plan = Make.Plan();
    private readonly FolderLayout _layout;

    public FolderCrashTests() => _layout = new(_temp.Root);

    public void Dispose() => _temp.Dispose();

    /// <summary>The states in the order in which <see cref="FolderCommit"/> goes through them.</summary>
    public enum Killed
    {
        AfterStaging,
        InManifestDraft,
        AfterManifest,
        InIndexDraft,
        AfterIndex,
        AfterDayFolder,
        AfterMove,
    }

    [Theory]
    [InlineData(Killed.AfterStaging)]
    [InlineData(Killed.InManifestDraft)]
    [InlineData(Killed.AfterManifest)]
    [InlineData(Killed.InIndexDraft)]
    [InlineData(Killed.AfterIndex)]
    [InlineData(Killed.AfterDayFolder)]
    [InlineData(Killed.AfterMove)]
    public async Task EnsureStoredAsync_KilledBefore_StoresBothInTheEnd(Killed killed)
    {
        await LeaveAsync(killed);
        var seenBefore = await _temp.Store.TryReadManifestAsync(_plan.Order.CaptureId, default);

        var result = await _temp.Store.EnsureStoredAsync(Manifest, default);

        Assert.Equal(killed == Killed.AfterMove, seenBefore is not null);
        Assert.True(result.Succeeded);
        var folder = Path.GetDirectoryName(result.Value.Location)!;
        Assert.Equal(["capture.pcap", "manifest.json"], Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(result.Value.Location));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_layout.StagingRoot));
        Assert.Equal(Make.Sha256(Bytes), (await _temp.Store.TryReadManifestAsync(_plan.Order.CaptureId, default))?.Evidence.Sha256);
    }

    [Theory]
    [InlineData(Killed.AfterStaging)]
    [InlineData(Killed.AfterManifest)]
    [InlineData(Killed.AfterIndex)]
    [InlineData(Killed.AfterDayFolder)]
    public async Task TryReadManifestAsync_KilledBeforeTheMove_FindsNothingAndListsNothing(Killed killed)
    {
        await LeaveAsync(killed);

        Assert.Null(await _temp.Store.TryReadManifestAsync(_plan.Order.CaptureId, default));
        Assert.Null(await _temp.Store.TryOpenFileAsync(_plan.Order.CaptureId, "capture.pcap", default));
        await foreach (var manifest in _temp.Store.FindAsync(CaptureFilter.All, null, default))
        {
            Assert.Fail($"Lists {manifest.Plan.Order.CaptureId}.");
        }
    }

    [Fact]
    public async Task EnsureStoredAsync_IndexLost_FindsTheCaptureAtItsPlaceAndMendsTheIndex()
    {
        await LeaveAsync(Killed.AfterMove);
        Directory.Delete(_layout.IndexRoot, recursive: true);

        // The caller walks what is stored or staged; here it has the manifest of the first run.
        await _temp.StageAsync(_plan.Order.CaptureId, Bytes);
        var result = await _temp.Store.EnsureStoredAsync(Manifest, default);

        Assert.True(result.Succeeded);
        Assert.NotNull(await _temp.Store.TryReadManifestAsync(_plan.Order.CaptureId, default));
    }

    private CaptureManifest Manifest => new()
    {
        Plan = _plan,
        Evidence = new(string.Empty, "capture.pcap", Bytes.Length, Make.Sha256(Bytes), 3, Verdict.Complete, ["All well."]),
    };

    private async Task LeaveAsync(Killed killed)
    {
        var order = _plan.Order;
        var staging = _layout.Staging(order.CaptureId);
        await _temp.StageAsync(order.CaptureId, Bytes);
        if (killed == Killed.InManifestDraft)
        {
            await File.WriteAllTextAsync(Path.Combine(staging, "manifest.json.new"), "{ \"sche");
        }

        if (killed >= Killed.AfterManifest)
        {
            var location = Path.Combine(_layout.Stored(order), "capture.pcap");
            await ManifestFile.WriteAsync(staging, Manifest with { Evidence = Manifest.Evidence with { Location = location } }, default);
        }

        if (killed == Killed.InIndexDraft)
        {
            Directory.CreateDirectory(_layout.IndexRoot);
            await File.WriteAllTextAsync(Path.Combine(_layout.IndexRoot, order.CaptureId + ".new"), "2026/");
        }

        if (killed >= Killed.AfterIndex)
        {
            await _layout.WriteIndexAsync(order, default);
        }

        if (killed >= Killed.AfterDayFolder)
        {
            OwnedFiles.EnsureFolder(_temp.Root, Path.GetDirectoryName(_layout.Stored(order))!);
        }

        if (killed == Killed.AfterMove)
        {
            Directory.Move(staging, _layout.Stored(order));
        }
    }
}
