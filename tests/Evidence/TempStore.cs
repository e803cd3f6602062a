using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A folder store in a folder of its own, gone with the test.</summary>
internal sealed class TempStore : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("captureflow-store-").FullName;

    public FolderStore Store => field ??= Open();

    /// <summary>Another instance over the same folder, as another process or a later one has.</summary>
    public FolderStore Open() => Open(Root);

    public static FolderStore Open(string root) => new(Options.Create(new FolderStoreOptions { Folder = root }), TimeProvider.System, NullLogger<FolderStore>.Instance);

    public ICustodyLog Log(CustodySigning? signing = null) => Log(Root, signing);

    public static ICustodyLog Log(string root, CustodySigning? signing = null) =>
        new FolderCustody(Options.Create(new FolderStoreOptions { Folder = root }), signing ?? Make.Signing(), TimeProvider.System);

    public async Task StageAsync(string captureId, ReadOnlyMemory<byte> bytes)
    {
        await using var area = await Store.OpenStagingAsync(captureId, default);
        await area.AppendAsync(bytes, default);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
