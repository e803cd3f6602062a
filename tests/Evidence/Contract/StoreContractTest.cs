using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>What every store keeps; each contract runs against each of them. A capture of three packets to put into it.</summary>
public abstract class StoreContractTest : IAsyncLifetime
{
    private TestStore? _under;

    protected static byte[] Bytes { get; } = new PcapBytes().Packets(3, 50);

    protected string Id { get; } = CaptureIds.New();

    private protected TestStore Under => _under ?? throw new InvalidOperationException("The store has not been made.");

    protected ICaptureStore Store => Under.Store;

    public async ValueTask InitializeAsync() => _under = await MakeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_under is not null)
        {
            await _under.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract Task<TestStore> MakeAsync();

    protected static Task<byte[]?> ReadAsync(Stream? stream) => Make.ReadAsync(stream);

    protected static string Json<T>(T value) => JsonSerializer.Serialize(value, CaptureJson.Options);

    protected CaptureManifest Manifest(byte[] file, string? id = null) => new()
    {
        Plan = Make.Plan(id ?? Id),
        Evidence = new(string.Empty, "capture.pcap", file.Length, Make.Sha256(file), 3, Verdict.Complete, ["All well."]),
    };

    protected async Task<CaptureManifest> StagedAsync()
    {
        await Under.StageAsync(Id, Bytes);
        return Manifest(Bytes);
    }

    protected async Task<StoredEvidence> StoreAsync() => await StoreAsync(await StagedAsync());

    protected async Task<StoredEvidence> StoreAsync(CaptureManifest manifest)
    {
        var result = await Store.EnsureStoredAsync(manifest, default);
        Assert.True(result.Succeeded, string.Join(' ', result.Faults));
        return result.Value;
    }

    protected async Task<List<CaptureManifest>> FindAsync(CaptureFilter filter, CaptureCursor? after = null)
    {
        List<CaptureManifest> found = [];
        await foreach (var manifest in Under.Catalog().FindAsync(filter, after, default))
        {
            found.Add(manifest);
        }

        return found;
    }
}
