namespace CaptureFlow.Evidence.Tests;

[Collection(nameof(OnAzurite))]
public sealed class BlobRetentionTests(AzuriteFixture azurite) : RetentionContract
{
    private protected override async Task<TestStore> MakeAsync() => await BlobTestStore.MakeAsync(await azurite.ServiceUriAsync());
}
