using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A container on Azurite, reached directly and through a front that can be told to misbehave.</summary>
[Collection(nameof(OnAzurite))]
public abstract class BlobFaultTest(AzuriteFixture azurite) : IAsyncLifetime
{
    private BlobTestStore? _under;
    private BlobFront? _front;

    protected static byte[] Bytes { get; } = new PcapBytes().Packets(3, 50);

    protected string Id { get; } = CaptureIds.New();

    private protected BlobTestStore Under => _under ?? throw new InvalidOperationException("Not started.");

    private protected BlobFront Front => _front ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        var serviceUri = await azurite.ServiceUriAsync();
        _under = await BlobTestStore.MakeAsync(serviceUri);
        _front = await BlobFront.StartAsync(serviceUri);
    }

    public async ValueTask DisposeAsync()
    {
        if (_front is not null && _under is not null)
        {
            await _front.DisposeAsync();
            await _under.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The store as it is on Azure, through the front.</summary>
    private protected BlobStore Fronted(int retries = 5) => Under.Open(Front.Access(Under.Options, retries));

    protected CaptureManifest Manifest(string? id = null) => new()
    {
        Plan = Make.Plan(id ?? Id),
        Evidence = new(string.Empty, "capture.pcap", Bytes.Length, Make.Sha256(Bytes), 3, Verdict.Complete, ["All well."]),
    };

    protected static async Task StageAsync(ICaptureStore store, string id)
    {
        await using var area = await store.OpenStagingAsync(id, default);
        await area.AppendAsync(Bytes, default);
        await area.FlushAsync(default);
    }

    protected static Task<byte[]?> ReadAsync(Stream? stream) => Make.ReadAsync(stream);
}
