namespace CaptureFlow.Evidence.Tests;

public sealed class FolderFindingTests : FindingContract
{
    private protected override Task<TestStore> MakeAsync() => Task.FromResult<TestStore>(new FolderTestStore());
}
