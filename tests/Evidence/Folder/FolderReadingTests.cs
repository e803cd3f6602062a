using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class FolderReadingTests : FolderStoreTest
{
    [Fact]
    public async Task TryOpenFileAsync_KnownNames_OpensThem()
    {
        await StoreAsync();

        Assert.Equal(Bytes, await ReadAsync(await Temp.Store.TryOpenFileAsync(Id, "capture.pcap", default)));
        Assert.NotEmpty((await ReadAsync(await Temp.Store.TryOpenFileAsync(Id, "manifest.json", default)))!);
    }

    [Theory]
    [InlineData("../manifest.json")]
    [InlineData("..")]
    [InlineData("./capture.pcap")]
    [InlineData("/etc/hostname")]
    [InlineData("Capture.pcap")]
    [InlineData("capture.pcap\0")]
    [InlineData("capture.pcap.new")]
    [InlineData("")]
    public async Task TryOpenFileAsync_OtherNames_IsNull(string name)
    {
        var evidence = await StoreAsync();
        await File.WriteAllTextAsync(evidence.Location + ".new", "not evidence");

        Assert.Null(await Temp.Store.TryOpenFileAsync(Id, name, default));
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
        Assert.Null(await Temp.Store.TryReadManifestAsync(id, default));
        Assert.Null(await Temp.Store.TryReadStagedAsync(id, default));
        Assert.Null(await Temp.Store.TryOpenFileAsync(id, "manifest.json", default));
        await Assert.ThrowsAsync<ArgumentException>(() => Temp.Store.OpenStagingAsync(id, default));
        await Assert.ThrowsAsync<ArgumentException>(() => Temp.Store.EnsureStoredAsync(Manifest([]) with { Plan = Make.Plan(id) }, default));
        await Assert.ThrowsAsync<ArgumentException>(() => Temp.Store.EnsureDiscardedAsync(id, default));

        Assert.Empty(Directory.EnumerateFileSystemEntries(Temp.Root));
    }

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

    [Fact]
    public async Task ListAsync_SeveralDays_NewestFirstWithoutTheUnreadable()
    {
        List<string> ids = [];
        foreach (var hours in new[] { 0, 30, -30, 1, 24 * 400 })
        {
            ids.Add(CaptureIds.New());
            var plan = Make.Plan(ids[^1]);
            await Temp.StageAsync(ids[^1], Bytes);
            await Temp.Store.EnsureStoredAsync(Manifest(Bytes) with { Plan = plan with { Order = plan.Order with { RequestedAt = Make.Noon.AddHours(hours) } } }, default);
        }

        var damaged = await Temp.Store.TryReadManifestAsync(ids[1], default);
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(damaged!.Evidence.Location)!, "manifest.json"), "{ \"schema\":");

        List<string> listed = [];
        await foreach (var manifest in Temp.Open().ListAsync(default))
        {
            listed.Add(manifest.Plan.Order.CaptureId);
        }

        Assert.Equal([ids[4], ids[3], ids[0], ids[2]], listed);
    }
}
