namespace CaptureFlow.Evidence.Tests;

public sealed class FolderStoringTests : StoringContract
{
    private protected override Task<TestStore> MakeAsync() => Task.FromResult<TestStore>(new FolderTestStore());
}
