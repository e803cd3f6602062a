using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class EvidenceRecorderTests : IDisposable
{
    private static readonly byte[] File = new PcapBytes().Packets(3, 50);
    private readonly TempStore _temp = new();
    private readonly CapturePlan _plan = Make.Plan();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task RecordAsync_WholeFile_StoresItWithAllThatIsKnown()
    {
        await _temp.StageAsync(_plan.Order.CaptureId, File);

        var result = await RecordAsync(Request());

        Assert.True(result.Succeeded);
        Assert.Equal((Verdict.Complete, 3L, (long)File.Length, Make.Sha256(File)), (result.Value.Verdict, result.Value.Packets, result.Value.Bytes, result.Value.Sha256));
        var manifest = await _temp.Store.TryReadManifestAsync(_plan.Order.CaptureId, default);
        Assert.Equal(_plan.Arguments, manifest!.Plan.Arguments);
        Assert.Equal(Make.Tap(_plan), manifest.Tap);
        Assert.Equal(Make.Grant(_plan), manifest.Grant);
        Assert.Equal(Make.Tapped(File, 3), manifest.Tapped);
        Assert.Equal(3, manifest.Walked?.Packets);
        Assert.Equal(CaptureSteps.PlanCapture, Assert.Single(manifest.Timeline).Step);
        Assert.Null(manifest.Revocation);
    }

    [Fact]
    public async Task RecordAsync_Repeated_GivesTheSameEvidence()
    {
        await _temp.StageAsync(_plan.Order.CaptureId, File);
        var first = await RecordAsync(Request());

        var second = await RecordAsync(Request());

        Assert.True(second.Succeeded);
        Assert.Equal(JsonSerializer.Serialize(first, CaptureJson.Options), JsonSerializer.Serialize(second, CaptureJson.Options));
    }

    [Fact]
    public async Task RecordAsync_NothingStaged_StoresAManifestThatSaysFailed()
    {
        CaptureFault gone = new(FaultCodes.PodGone, "The pod is gone.", "Take the capture again.");

        var first = await RecordAsync(Request() with { Tapped = null, Retrieved = null, Faults = [gone] });
        var second = await RecordAsync(Request() with { Tapped = null, Retrieved = null, Faults = [gone] });

        Assert.Equal(Verdict.Failed, first.Value?.Verdict);
        Assert.Null(first.Value!.FileName);
        Assert.Contains("The pod is gone. (pod-gone)", first.Value.Reasons);
        Assert.Equal(first.Value.Location, second.Value?.Location);
        Assert.Equal(gone, Assert.Single((await _temp.Store.TryReadManifestAsync(_plan.Order.CaptureId, default))!.Faults));
    }

    [Fact]
    public async Task RecordAsync_PartOfTheFile_KeepsItAsPartial()
    {
        var part = File[..100];
        await _temp.StageAsync(_plan.Order.CaptureId, part);

        var result = await RecordAsync(Request() with { Retrieved = new(part.Length, Make.Sha256(part), false, 2) });

        Assert.Equal((Verdict.Partial, 1L, 100L), (result.Value!.Verdict, result.Value.Packets, result.Value.Bytes));
        Assert.Contains(result.Value.Reasons, reason => reason.StartsWith("Only the first 100 of 222 bytes", StringComparison.Ordinal));
        Assert.Equal(part, await System.IO.File.ReadAllBytesAsync(result.Value.Location));
    }

    private StoreRequest Request() => Make.StoreRequest(_plan, File, 3);

    private Task<StepResult<StoredEvidence>> RecordAsync(StoreRequest request) =>
        Make.Recorder(_temp.Open(), _temp.Log()).RecordAsync(request, default);
}
