namespace CaptureFlow.Evidence.Tests;

[Collection(nameof(OnAzurite))]
public sealed class BlobStagingTests(AzuriteFixture azurite) : StagingContract
{
    private protected override async Task<TestStore> MakeAsync() => await BlobTestStore.MakeAsync(await azurite.ServiceUriAsync());
}
