namespace CaptureFlow.Evidence.Tests;

public sealed class FolderIndexTests : FolderStoreTest
{
    [Theory]
    [InlineData("../../../etc/cf-0123456789abcdef")]
    [InlineData("2026/03/04/../cf-0123456789abcdef")]
    [InlineData("")]
    public async Task TryReadManifestAsync_IndexTamperedWith_IsNull(string content)
    {
        const string Id = "cf-0123456789abcdef";
        Directory.CreateDirectory(Path.Combine(Temp.Root, ".index"));
        await File.WriteAllTextAsync(Path.Combine(Temp.Root, ".index", Id), content);

        Assert.Null(await Temp.Store.TryReadManifestAsync(Id, default));
    }
}
