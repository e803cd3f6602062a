namespace CaptureFlow.Evidence.Tests;

public sealed class FolderCustodyTests : CustodyContract
{
    [Fact]
    public async Task EnsureAsync_LineCutByACrash_IsWrittenAnew()
    {
        await Under.Log().EnsureAsync(Id, [Entry("asked"), Entry("granted")], default);
        var path = Path.Combine(((FolderTestStore)Under).Root, "log", Id + ".jsonl");
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(file.Length - 30);
        }

        await Under.Log().EnsureAsync(Id, [Entry("granted"), Entry("attached")], default);

        var reading = await ReadLogAsync();
        Assert.Null(reading.Broken);
        Assert.Equal(["asked", "granted", "attached"], reading.Entries.Select(entry => entry.Entry.Event));
    }

    private protected override Task<TestStore> MakeAsync() => Task.FromResult<TestStore>(new FolderTestStore());
}
