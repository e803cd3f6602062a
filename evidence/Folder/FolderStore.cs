using System.Runtime.CompilerServices;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>Keeps captures in a folder, laid out by date and id. Safe against kill and power loss at any point, and for several processes at once.</summary>
public sealed class FolderStore(IOptions<FolderStoreOptions> options, TimeProvider time, ILogger<FolderStore> logger) : ICaptureStore, ICaptureCatalog
{
    private readonly FolderLayout _layout = new(options.Value.Folder);

    public Task<IStagingArea> OpenStagingAsync(string captureId, CancellationToken cancellationToken)
    {
        var staging = FolderStaging.Open(_layout, captureId);
        if (_layout.TryFind(captureId) is null)
        {
            return Task.FromResult<IStagingArea>(staging);
        }

        // A run that was thought dead. Its file may be the stored one itself, opened just before it moved: not a byte may be written to it.
        staging.File.Dispose();
        throw new StepUnavailableException($"{captureId} is stored already.");
    }

    public Task<Stream?> TryReadStagedAsync(string captureId, CancellationToken cancellationToken) =>
        CaptureIds.IsValid(captureId) ? TryOpenAsync(_layout.StagedFile(captureId), emptyIsNone: true) : Task.FromResult<Stream?>(null);

    public Task<StepResult<StoredEvidence>> EnsureStoredAsync(CaptureManifest manifest, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        try
        {
            return await new FolderCommit(_layout, logger).RunAsync(manifest, cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            return StepResult.Fault<StoredEvidence>(refusal.Fault);
        }
        catch (Exception refusal) when (FolderRefusals.IsOurs(refusal) && FolderRefusals.Translate(refusal, _layout.Root) is StoreRefusedException)
        {
            return StepResult.Fault<StoredEvidence>(((StoreRefusedException)FolderRefusals.Translate(refusal, _layout.Root)).Fault);
        }
    });

    public Task EnsureProofAsync(string captureId, RevocationProof proof, IReadOnlyList<StepRecord> timeline, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        if (_layout.TryFind(captureId) is not { } stored)
        {
            return false;
        }

        await using var alone = await FolderLock.TakeAsync(_layout.ProofLock, time, cancellationToken);
        var manifest = await ManifestFile.TryReadAsync(stored, logger, cancellationToken);
        var wanted = manifest is not null && (manifest.Revocation is null || (!manifest.Revocation.Proven && proof.Proven));
        if (wanted)
        {
            await ManifestFile.WriteAsync(stored, manifest! with { Revocation = proof, Timeline = timeline }, cancellationToken);
        }

        return wanted;
    });

    public Task EnsureDiscardedAsync(string captureId, CancellationToken cancellationToken) => GuardAsync(() =>
    {
        var staging = _layout.Staging(captureId);
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }

        return Task.FromResult(true);
    });

    public Task<CaptureManifest?> TryReadManifestAsync(string captureId, CancellationToken cancellationToken) => GuardAsync(
        async () => _layout.TryFind(captureId) is { } stored ? await ManifestFile.TryReadAsync(stored, logger, cancellationToken) : null);

    public async Task<Stream?> TryOpenFileAsync(string captureId, string fileName, CancellationToken cancellationToken)
    {
        if (await TryReadManifestAsync(captureId, cancellationToken) is not { } manifest || _layout.TryFind(captureId) is not { } stored)
        {
            return null;
        }

        // Compared with the names that are known, not joined to a path and checked after.
        var name = EvidenceFiles.Derived.Append(EvidenceFiles.Manifest).Append(manifest.Evidence.FileName).FirstOrDefault(known => known == fileName);
        return name is null ? null : await TryOpenAsync(Path.Combine(stored, name), emptyIsNone: false);
    }

    public Task<bool> TryAddDerivedAsync(string captureId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => GuardAsync(async () =>
    {
        var name = EvidenceFiles.Derived.FirstOrDefault(known => known == fileName) ?? throw new ArgumentException($"'{fileName}' is not a derived file.", nameof(fileName));
        if (_layout.TryFind(captureId) is not { } stored)
        {
            return false;
        }

        await using var alone = await FolderLock.TakeAsync(_layout.ProofLock, time, cancellationToken);
        var path = Path.Combine(stored, name);
        if (File.Exists(path))
        {
            return false;
        }

        await OwnedFiles.WriteAtomicallyAsync(path, content, cancellationToken);
        return true;
    });

    public async IAsyncEnumerable<CaptureManifest> FindAsync(CaptureFilter filter, CaptureCursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var folder in _layout.Days().Where(day => MayHold(FolderLayout.TryDay(day), filter, after)))
        {
            List<CaptureManifest> captures = [];
            foreach (var capture in Directory.EnumerateDirectories(folder).Where(path => CaptureIds.IsValid(Path.GetFileName(path))))
            {
                if (await GuardAsync(() => ManifestFile.TryReadAsync(capture, logger, cancellationToken)) is { } manifest
                    && CaptureFacts.Of(manifest) is var facts && filter.Matches(facts) && after?.IsBefore(facts) != false)
                {
                    captures.Add(manifest);
                }
            }

            foreach (var capture in captures.OrderByDescending(c => c.Plan.Order.RequestedAt).ThenByDescending(c => c.Plan.Order.CaptureId, StringComparer.Ordinal))
            {
                yield return capture;
            }
        }
    }

    private static bool MayHold(DateOnly? day, CaptureFilter filter, CaptureCursor? after) =>
        day is not null
        && (filter.From is not { } from || day >= DateOnly.FromDateTime(from.UtcDateTime))
        && (filter.To is not { } to || day <= DateOnly.FromDateTime(to.UtcDateTime))
        && (after is null || day <= DateOnly.FromDateTime(after.RequestedAt.UtcDateTime));

    private Task<Stream?> TryOpenAsync(string path, bool emptyIsNone) => GuardAsync(async () =>
    {
        try
        {
            var file = OwnedFiles.Open(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (file.Length > 0 || !emptyIsNone)
            {
                return (Stream?)file;
            }

            await file.DisposeAsync();
            return null;
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    });

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
