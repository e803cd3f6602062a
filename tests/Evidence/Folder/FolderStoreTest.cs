using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A store in a folder of its own and a capture of three packets to put into it.</summary>
public abstract class FolderStoreTest : IDisposable
{
    protected static byte[] Bytes { get; } = new PcapBytes().Packets(3, 50);

    protected string Id { get; } = CaptureIds.New();

    private protected TempStore Temp { get; } = new();

    public void Dispose()
    {
        Temp.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    protected static Task<byte[]?> ReadAsync(Stream? stream) => Make.ReadAsync(stream);

    protected CaptureManifest Manifest(byte[] file) => new()
    {
        Plan = Make.Plan(Id),
        Evidence = new(string.Empty, "capture.pcap", file.Length, Make.Sha256(file), 3, Verdict.Complete, ["All well."]),
    };

    protected async Task<CaptureManifest> StagedAsync()
    {
        await Temp.StageAsync(Id, Bytes);
        return Manifest(Bytes);
    }

    protected async Task<StoredEvidence> StoreAsync()
    {
        var result = await Temp.Store.EnsureStoredAsync(await StagedAsync(), default);
        Assert.True(result.Succeeded);
        return result.Value;
    }
}
