using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>The days' heads in the folder.</summary>
internal sealed class FolderDays(IOptions<FolderStoreOptions> options, TimeProvider time) : ICustodyDays
{
    private readonly FolderLayout _layout = new(options.Value.Folder);

    public Task<IReadOnlyList<DateOnly>> DaysAsync(CancellationToken cancellationToken) => GuardAsync(() => Task.FromResult<IReadOnlyList<DateOnly>>(
        Directory.Exists(_layout.HeadsRoot)
            ? [.. Directory.GetFiles(_layout.HeadsRoot).Select(path => CustodyDay.TryDay(Path.GetFileName(path))).OfType<DateOnly>().Order()]
            : []));

    public Task<byte[]?> TryReadAsync(DateOnly day, CancellationToken cancellationToken) => GuardAsync(async () =>
        File.Exists(_layout.Head(day)) ? await File.ReadAllBytesAsync(_layout.Head(day), cancellationToken) : null);

    public Task<bool> TryWriteAsync(DateOnly day, ReadOnlyMemory<byte> head, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        OwnedFiles.EnsureFolder(_layout.Root, _layout.HeadsRoot);
        await using var held = await FolderLock.TakeAsync(Path.Combine(_layout.HeadsRoot, ".lock"), time, cancellationToken);
        if (File.Exists(_layout.Head(day)))
        {
            return false;
        }

        await OwnedFiles.WriteAtomicallyAsync(_layout.Head(day), head, cancellationToken);
        return true;
    });

    public Task<IReadOnlyList<string>> WrittenSinceAsync(DateTimeOffset? since, CancellationToken cancellationToken) => GuardAsync(() => Task.FromResult<IReadOnlyList<string>>(
        Directory.Exists(_layout.LogRoot)
            ? [.. Directory.GetFiles(_layout.LogRoot, "*" + FolderLayout.LogSuffix)
                .Where(path => since is null || File.GetLastWriteTimeUtc(path) >= since.Value.UtcDateTime)
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Where(CaptureIds.IsValid)]
            : []));

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
