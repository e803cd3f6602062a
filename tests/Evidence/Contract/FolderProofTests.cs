namespace CaptureFlow.Evidence.Tests;

public sealed class FolderProofTests : ProofContract
{
    private protected override Task<TestStore> MakeAsync() => Task.FromResult<TestStore>(new FolderTestStore());
}
