namespace CaptureFlow.Evidence.Tests;

[Collection(nameof(OnAzurite))]
public sealed class BlobProofTests(AzuriteFixture azurite) : ProofContract
{
    private protected override async Task<TestStore> MakeAsync() => await BlobTestStore.MakeAsync(await azurite.ServiceUriAsync());
}
