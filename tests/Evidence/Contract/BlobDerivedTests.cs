using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

[Collection(nameof(OnAzurite))]
public sealed class BlobDerivedTests(AzuriteFixture azurite) : DerivedContract
{
    [Fact]
    public async Task TryAddDerivedAsync_Stored_HasTheCapturesTagsForTheLifecycleRules()
    {
        await StoreAsync();
        await Store.TryAddDerivedAsync(Id, EvidenceFiles.Triage, "{}"u8.ToArray(), default);
        await Store.TryAddDerivedAsync(Id, EvidenceFiles.TriageText, "# No packets.\n"u8.ToArray(), default);

        var blobs = (await ((BlobTestStore)Under).BlobsAsync(Id)).ToDictionary(blob => blob.Name[(Id.Length + 1)..]);

        var (file, card, text) = (blobs["capture.pcap"], blobs["triage.json"], blobs["triage.md"]);
        Assert.Equal("derived", card.Tags["captureflow"]);
        Assert.Equal(file.Tags.Where(tag => tag.Key != "captureflow").OrderBy(tag => tag.Key), card.Tags.Where(tag => tag.Key != "captureflow").OrderBy(tag => tag.Key));
        Assert.Equal(("application/json", "text/markdown; charset=utf-8"), (card.Properties.ContentType, text.Properties.ContentType));
    }

    private protected override async Task<TestStore> MakeAsync() => await BlobTestStore.MakeAsync(await azurite.ServiceUriAsync());
}
