using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>Files that are made of a stored capture: beside it, never replaced, and gone with it.</summary>
public abstract class DerivedContract : StoreContractTest
{
    private static readonly byte[] Card = "{\"summary\":\"one\"}\n"u8.ToArray();

    [Fact]
    public async Task TryAddDerivedAsync_Stored_IsThereAndNeverReplaced()
    {
        await StoreAsync();

        Assert.True(await Store.TryAddDerivedAsync(Id, EvidenceFiles.Triage, Card, default));
        Assert.False(await Under.Open().TryAddDerivedAsync(Id, EvidenceFiles.Triage, "another"u8.ToArray(), default));

        Assert.Equal(Card, await ReadAsync(await Store.TryOpenFileAsync(Id, EvidenceFiles.Triage, default)));
        Assert.Null(await Store.TryOpenFileAsync(Id, EvidenceFiles.TriageText, default));
        Assert.Equal(["capture.pcap", "manifest.json", "triage.json"], await Under.NamesAsync(Manifest(Bytes).Plan.Order));
    }

    [Fact]
    public async Task TryAddDerivedAsync_SeveralAtOnce_OneIsKeptWhole()
    {
        await StoreAsync();

        var added = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Under.Open().TryAddDerivedAsync(Id, EvidenceFiles.TriageText, new byte[1000 + i], default)));

        Assert.Single(added, true);
        Assert.Equal(1000 + Array.IndexOf(added, true), (await ReadAsync(await Store.TryOpenFileAsync(Id, EvidenceFiles.TriageText, default)))!.Length);
    }

    [Fact]
    public async Task TryAddDerivedAsync_NotStored_WritesNothing()
    {
        Assert.False(await Store.TryAddDerivedAsync(Id, EvidenceFiles.Triage, Card, default));
        Assert.False(await Store.TryAddDerivedAsync("../../etc", EvidenceFiles.Triage, Card, default));

        Assert.True(await Under.IsEmptyAsync());
    }

    [Theory]
    [InlineData("capture.pcap")]
    [InlineData("manifest.json")]
    [InlineData("../triage.json")]
    [InlineData("other.json")]
    public async Task TryAddDerivedAsync_NoDerivedFile_IsRefused(string name)
    {
        await StoreAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryAddDerivedAsync(Id, name, Card, default));

        Assert.Equal(["capture.pcap", "manifest.json"], await Under.NamesAsync(Manifest(Bytes).Plan.Order));
    }

    [Fact]
    public async Task EnsureStoredAsync_RepeatedWithACard_IsStillTheSameCapture()
    {
        var manifest = await StagedAsync();
        await StoreAsync(manifest);
        await Store.TryAddDerivedAsync(Id, EvidenceFiles.Triage, Card, default);

        await StoreAsync(manifest);
        await Store.EnsureDiscardedAsync(Id, default);

        Assert.Equal(Card, await ReadAsync(await Store.TryOpenFileAsync(Id, EvidenceFiles.Triage, default)));
        Assert.Single(await FindAsync(CaptureFilter.All));
    }

    [Fact]
    public async Task SweepAsync_CaptureThatIsOver_TakesTheCardWithIt()
    {
        await StoreAsync();
        await Store.TryAddDerivedAsync(Id, EvidenceFiles.Triage, Card, default);
        await Store.TryAddDerivedAsync(Id, EvidenceFiles.TriageText, Card, default);

        var report = await Under.Retention().SweepAsync(new RetentionOptions().RulesAt(Make.Noon.AddDays(31)), Make.NoOne, default);

        Assert.Equal([Id], report.Deleted);
        Assert.Equal(0, await Under.CountAsync(Id));
    }
}
