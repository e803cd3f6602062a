using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence.Tests;

internal sealed class FolderTestStore : TestStore
{
    private readonly TempStore _temp = new();

    public string Root => _temp.Root;

    public override ICaptureStore Open() => _temp.Open();

    public override ICaptureCatalog Catalog() => _temp.Open();

    public override ICaptureRetention Retention() =>
        new FolderRetention(Options.Create(new FolderStoreOptions { Folder = Root }), NullLogger<FolderStore>.Instance);

    public override ICustodyLog Log(CustodySigning? signing = null) => _temp.Log(signing);

    public override ICustodyDays Days() => new FolderDays(Options.Create(new FolderStoreOptions { Folder = Root }), TimeProvider.System);

    public override async Task ReplaceAsync(string captureId, string fileName, byte[] content)
    {
        var manifest = await Store.TryReadManifestAsync(captureId, default);
        await File.WriteAllBytesAsync(Path.Combine(Path.GetDirectoryName(manifest!.Evidence.Location)!, fileName), content);
    }

    public override Task<string[]> NamesAsync(CaptureOrder order) => Task.FromResult<string[]>(
        [.. Directory.EnumerateFileSystemEntries(new FolderLayout(Root).Stored(order)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)]);

    public override Task<int> CountAsync(string captureId) => Task.FromResult(
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories).Count(path => path.Contains(captureId, StringComparison.Ordinal)));

    public override Task<bool> IsEmptyAsync() => Task.FromResult(!Directory.EnumerateFileSystemEntries(Root).Any());

    public override Task<bool> HasStagingAsync()
    {
        var staging = Path.Combine(Root, ".staging");
        return Task.FromResult(Directory.Exists(staging) && Directory.EnumerateFileSystemEntries(staging).Any());
    }

    public override ValueTask DisposeAsync()
    {
        _temp.Dispose();
        return ValueTask.CompletedTask;
    }
}
