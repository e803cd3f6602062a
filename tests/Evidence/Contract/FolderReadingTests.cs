namespace CaptureFlow.Evidence.Tests;

public sealed class FolderReadingTests : ReadingContract
{
    private protected override Task<TestStore> MakeAsync() => Task.FromResult<TestStore>(new FolderTestStore());
}
