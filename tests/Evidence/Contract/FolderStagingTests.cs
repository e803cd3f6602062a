namespace CaptureFlow.Evidence.Tests;

public sealed class FolderStagingTests : StagingContract
{
    private protected override Task<TestStore> MakeAsync() => Task.FromResult<TestStore>(new FolderTestStore());
}
