using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A file of 200,000 bytes to be fetched into a folder store.</summary>
public abstract class RetrieverTest : IDisposable
{
    protected static byte[] File { get; } = Make.Noise(200_000);

    protected FakeTimeProvider Time { get; } = new();

    protected CapturePlan Plan { get; } = Make.Plan();

    protected RetrievalOptions Options { get; } = new() { FirstPause = TimeSpan.Zero };

    private protected TempStore Temp { get; } = new();

    public void Dispose()
    {
        Temp.Dispose();
        GC.SuppressFinalize(this);
    }

    protected RetrieveRequest Request(TapSummary? tapped = null) => new(Plan, Make.Grant(Plan), tapped ?? Make.Tapped(File));

    protected Task<StepResult<RetrievedFile>> RetrieveAsync(ICaptureSite site, TapSummary? tapped = null, ICaptureStore? store = null) =>
        Retriever(site, store ?? Temp.Store).RetrieveAsync(Request(tapped), default);

    protected EvidenceRetriever Retriever(ICaptureSite site, ICaptureStore store, TimeProvider? time = null) =>
        new(site, store, Microsoft.Extensions.Options.Options.Create(Options), time ?? Time, NullLogger<EvidenceRetriever>.Instance);

    protected async Task<byte[]> StagedAsync()
    {
        await using var staged = await Temp.Store.TryReadStagedAsync(Plan.Order.CaptureId, default);
        using var bytes = new MemoryStream();
        await (staged ?? Stream.Null).CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
