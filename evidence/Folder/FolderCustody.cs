using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>The logs of captures in a folder: <c>log/ID.jsonl</c>, each locked while it is read or written.</summary>
internal sealed class FolderCustody(IOptions<FolderStoreOptions> options, CustodySigning signing, TimeProvider time) : ICustodyLog
{
    private const byte LineEnd = (byte)'\n';

    private readonly FolderLayout _layout = new(options.Value.Folder);

    public Task<CustodyHead> EnsureAsync(string captureId, IReadOnlyList<CustodyEntry> entries, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var path = _layout.Log(captureId);
        var key = await signing.KeyAsync(cancellationToken);
        OwnedFiles.EnsureFolder(_layout.Root, _layout.LogRoot);
        var isNew = !File.Exists(path);
        await using var file = await FolderLock.TakeAsync(path, time, cancellationToken);
        var log = await ReadAsync(file, cancellationToken);

        // What a power cut left of a line was never reported as written.
        var whole = log.AsSpan().LastIndexOf(LineEnd) + 1;
        file.SetLength(whole);
        var (append, head) = CustodyChain.Continue(captureId, log.AsSpan(0, whole), entries, key);
        if (append.Length > 0)
        {
            file.Position = whole;
            await file.WriteAsync(append, cancellationToken);
            await FileSync.FileAsync(file);
        }

        if (isNew)
        {
            FileSync.Folder(_layout.LogRoot);
        }

        return head;
    });

    public Task<Stream?> TryOpenAsync(string captureId, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        if (!CaptureIds.IsValid(captureId) || !File.Exists(_layout.Log(captureId)))
        {
            return null;
        }

        await using var file = await FolderLock.TakeAsync(_layout.Log(captureId), time, cancellationToken);
        return (Stream?)new MemoryStream(await ReadAsync(file, cancellationToken), writable: false);
    });

    private static async Task<byte[]> ReadAsync(FileStream file, CancellationToken cancellationToken)
    {
        var log = new byte[file.Length];
        file.Position = 0;
        await file.ReadExactlyAsync(log, cancellationToken);
        return log;
    }

    private async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception refusal) when (FolderRefusals.IsOurs(refusal))
        {
            throw FolderRefusals.Translate(refusal, _layout.Root);
        }
    }
}
