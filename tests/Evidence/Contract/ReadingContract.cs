namespace CaptureFlow.Evidence.Tests;

public abstract class ReadingContract : StoreContractTest
{
    [Fact]
    public async Task TryOpenFileAsync_KnownNames_OpensThem()
    {
        await StoreAsync();

        Assert.Equal(Bytes, await ReadAsync(await Store.TryOpenFileAsync(Id, "capture.pcap", default)));
        Assert.NotEmpty((await ReadAsync(await Store.TryOpenFileAsync(Id, "manifest.json", default)))!);
    }

    [Fact]
    public async Task TryOpenFileAsync_Seek_ReadsFromThere()
    {
        await StoreAsync();

        await using var file = await Store.TryOpenFileAsync(Id, "capture.pcap", default);

        Assert.True(file!.CanSeek);
        Assert.Equal(Bytes.Length, file.Length);
        file.Position = 100;
        Assert.Equal(Bytes[100..], await ReadAsync(file));
    }

    [Theory]
    [InlineData("../manifest.json")]
    [InlineData("..")]
    [InlineData("./capture.pcap")]
    [InlineData("/etc/hostname")]
    [InlineData("Capture.pcap")]
    [InlineData("capture.pcap\0")]
    [InlineData("capture.pcap.new")]
    [InlineData("log.jsonl")]
    [InlineData("")]
    public async Task TryOpenFileAsync_OtherNames_IsNull(string name)
    {
        await StoreAsync();
        await Under.ReplaceAsync(Id, "capture.pcap.new", "not evidence"u8.ToArray());
        await Under.ReplaceAsync(Id, "log.jsonl", "not evidence"u8.ToArray());

        Assert.Null(await Store.TryOpenFileAsync(Id, name, default));
    }

    [Theory]
    [InlineData("../../etc")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("cf-0123456789abcde/")]
    [InlineData("CF-0123456789ABCDEF")]
    [InlineData("/tmp/cf-0123456789abcdef")]
    public async Task AnyMethod_NoCaptureId_ReadsNothingAndWritesNothing(string id)
    {
        Assert.Null(await Store.TryReadManifestAsync(id, default));
        Assert.Null(await Store.TryReadStagedAsync(id, default));
        Assert.Null(await Store.TryOpenFileAsync(id, "manifest.json", default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenStagingAsync(id, default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.EnsureStoredAsync(Manifest([], id), default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.EnsureDiscardedAsync(id, default));

        Assert.True(await Under.IsEmptyAsync());
    }
}
