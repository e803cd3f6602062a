namespace CaptureFlow.Evidence.Tests;

public sealed class FolderRetentionTests : RetentionContract
{
    private protected override Task<TestStore> MakeAsync() => Task.FromResult<TestStore>(new FolderTestStore());
}
