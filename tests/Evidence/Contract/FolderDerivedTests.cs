namespace CaptureFlow.Evidence.Tests;

public sealed class FolderDerivedTests : DerivedContract
{
    private protected override Task<TestStore> MakeAsync() => Task.FromResult<TestStore>(new FolderTestStore());
}
