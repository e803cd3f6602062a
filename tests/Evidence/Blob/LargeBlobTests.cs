using System.Diagnostics;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A capture of 384 MiB, four times what memory may grow by, fetched, stored in blobs and read back: memory does not grow with its size. Alone, since it looks at the whole process.</summary>
[Collection(nameof(LargeCaptureTests))]
public sealed class LargeBlobTests : IAsyncDisposable
{
    private const int Packets = 1_537;
    private const long MostGrowth = 96L << 20;

    private readonly AzuriteFixture _azurite = new();

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    [Fact]
    public async Task RetrieveAndRecord_384MiB_InConstantMemory()
    {
        await using var under = await BlobTestStore.MakeAsync(await _azurite.ServiceUriAsync(), options => options.BlockSize = new BlobStoreOptions().BlockSize);
        await MoveAsync(under, packets: 64);
        GC.Collect();
        var before = Environment.WorkingSet;
        using var watch = new CancellationTokenSource();
        var peak = PeakAsync(watch.Token);

        var (retrieved, recorded, speeds) = await MoveAsync(under, Packets);

        await watch.CancelAsync();
        var growth = await peak - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{recorded.Value?.Bytes >> 20} MiB: {speeds}; working set {before >> 20} MiB, at most {growth >> 20} MiB more");
        Assert.True(retrieved.Value?.Complete, string.Join(' ', retrieved.Faults));
        Assert.Equal((Verdict.Complete, (long)Packets), (recorded.Value!.Verdict, recorded.Value.Packets));
        Assert.InRange(recorded.Value.Bytes, 4 * MostGrowth, 8 * MostGrowth);
        Assert.InRange(growth, long.MinValue, MostGrowth);
    }

    private static async Task<long> PeakAsync(CancellationToken cancellationToken)
    {
        long peak = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            peak = Math.Max(peak, Environment.WorkingSet);
            await Task.Delay(20, CancellationToken.None);
        }

        return peak;
    }

    private static async Task<(StepResult<RetrievedFile> Retrieved, StepResult<StoredEvidence> Recorded, string Speeds)> MoveAsync(BlobTestStore under, int packets)
    {
        var plan = Make.Plan(window: new(TimeSpan.FromSeconds(10), CaptureWindow.FullSnapLength, 2L << 30));
        byte[] header = new PcapBytes();
        byte[] record = new PcapBytes().Packet(1, 2, Make.Noise(CaptureWindow.FullSnapLength)).ToArray()[CaptureWindow.FileHeaderBytes..];
        var tapped = Make.Tapped(header, record, packets);
        FakeSite site = null!;
        site = new([], async (_, sink, token) =>
        {
            await site.SendAsync(header, sink, token);
            for (var i = 0; i < packets; i++)
            {
                await site.SendAsync(record, sink, token);
            }

            return null;
        })
        {
            Piece = 32_768,
        };
        var clock = Stopwatch.StartNew();
        var retriever = new EvidenceRetriever(site, under.Store, Options.Create(new RetrievalOptions()), TimeProvider.System, NullLogger<EvidenceRetriever>.Instance);
        var retrieved = await retriever.RetrieveAsync(new(plan, Make.Grant(plan), tapped), default);
        var transfer = clock.Elapsed;
        clock.Restart();
        var recorded = await Make.Recorder(under.Store, under.Log()).RecordAsync(
            new(plan, Make.Grant(plan), Make.Tap(plan), tapped, retrieved.Value, [], []), default);
        var mebibytes = tapped.Bytes >> 20;
        return (retrieved, recorded, $"retrieve {mebibytes / transfer.TotalSeconds:0} MiB/s, read back and store {mebibytes / clock.Elapsed.TotalSeconds:0} MiB/s");
    }
}
