namespace CaptureFlow.Evidence.Tests;

[Collection(nameof(OnAzurite))]
public sealed class BlobReadingTests(AzuriteFixture azurite) : ReadingContract
{
    private protected override async Task<TestStore> MakeAsync() => await BlobTestStore.MakeAsync(await azurite.ServiceUriAsync());
}
