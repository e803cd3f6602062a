using System.Diagnostics;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A capture of 256 MiB, fetched and stored: memory does not grow with its size. Alone, since it counts what the whole process allocates.</summary>
[CollectionDefinition(nameof(LargeCaptureTests), DisableParallelization = true)]
[Collection(nameof(LargeCaptureTests))]
public sealed class LargeCaptureTests : IDisposable
{
    private const int Packets = 1_024;
    private const int PacketLength = CaptureWindow.FullSnapLength;
    private readonly TempStore _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task RetrieveAndRecord_256MiB_AllocateAFewMegabytes()
    {
        var plan = Make.Plan(window: new(TimeSpan.FromSeconds(10), CaptureWindow.FullSnapLength, 1L << 30));
        byte[] header = new PcapBytes();
        byte[] record = new PcapBytes().Packet(1, 2, Make.Noise(PacketLength)).ToArray()[CaptureWindow.FileHeaderBytes..];
        var tapped = Make.Tapped(header, record, Packets);
        var site = new FakeSite([]) { Piece = 32_768, Always = null };
        site = new([], async (_, sink, token) =>
        {
            await site.SendAsync(header, sink, token);
            for (var i = 0; i < Packets; i++)
            {
                await site.SendAsync(record, sink, token);
            }

            return null;
        });
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var retriever = new EvidenceRetriever(site, _temp.Store, Options.Create(new RetrievalOptions()), TimeProvider.System, NullLogger<EvidenceRetriever>.Instance);
        var clock = Stopwatch.StartNew();
        var retrieved = await retriever.RetrieveAsync(new(plan, Make.Grant(plan), tapped), default);
        var transfer = clock.Elapsed;
        clock.Restart();
        var recorded = await Make.Recorder(_temp.Store, _temp.Log()).RecordAsync(
            new(plan, Make.Grant(plan), Make.Tap(plan), tapped, retrieved.Value, [], []), default);

        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{tapped.Bytes >> 20} MiB: retrieve {(tapped.Bytes >> 20) / transfer.TotalSeconds:0} MiB/s, store {(tapped.Bytes >> 20) / clock.Elapsed.TotalSeconds:0} MiB/s, {allocated >> 10} KiB allocated");
        Assert.True(retrieved.Value?.Complete);
        Assert.Equal((Verdict.Complete, (long)Packets), (recorded.Value!.Verdict, recorded.Value.Packets));
        Assert.InRange(allocated, 0, 24 << 20);
    }
}
