namespace CaptureFlow.Evidence.Tests;

[Collection(nameof(OnAzurite))]
public sealed class BlobFindingTests(AzuriteFixture azurite) : FindingContract
{
    private protected override async Task<TestStore> MakeAsync() => await BlobTestStore.MakeAsync(await azurite.ServiceUriAsync());
}
