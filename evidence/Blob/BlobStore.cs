using Azure;
using Azure.Storage.Blobs.Models;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>Keeps captures in a container of Azure Blob Storage. Safe against kill at any point, and for several hosts at once.</summary>
internal sealed class BlobStore(BlobAccess access, BlobStoreOptions options, TimeProvider time, ILogger<BlobStore> logger) : ICaptureStore
{
    private const int ProofTries = 6;
    private const int ReadAhead = 1 << 20;

    private readonly BlobRefusals _refusals = new(options, time);
    private readonly BlobManifests _manifests = new(access, options, time, logger);
    private readonly BlobDigests _digests = new(new(options, time));

    public Task<IStagingArea> OpenStagingAsync(string captureId, CancellationToken cancellationToken)
    {
        var staged = Staged(captureId);
        return _refusals.GuardAsync<IStagingArea>(
            async () =>
            {
                await RefuseStoredAsync(captureId, cancellationToken);
                var lease = await StagingLease.TakeAsync(access, captureId, time, cancellationToken);
                try
                {
                    // Once more: the lease may have been waiting for the very run that stored it.
                    await RefuseStoredAsync(captureId, cancellationToken);
                    return new BlobStaging(staged, lease, await staged.LookAsync(cancellationToken), captureId, access, options, _refusals, logger);
                }
                catch
                {
                    await lease.DisposeAsync();
                    throw;
                }
            },
            cancellationToken);
    }

    public async Task<Stream?> TryReadStagedAsync(string captureId, CancellationToken cancellationToken) => !CaptureIds.IsValid(captureId) ? null : await _refusals.GuardAsync(
        async () =>
        {
            var staged = Staged(captureId);
            return !await _manifests.ExistsAsync(captureId, cancellationToken) && await staged.EnsureReadableAsync(cancellationToken) is { } state
                ? await _digests.ReadAsync(staged, state, cancellationToken)
                : null;
        },
        cancellationToken);

    public async Task<StepResult<StoredEvidence>> EnsureStoredAsync(CaptureManifest manifest, CancellationToken cancellationToken)
    {
        try
        {
            var commit = new BlobCommit(access, options, _manifests, _digests, time, logger);
            return await _refusals.GuardAsync(() => commit.RunAsync(manifest, cancellationToken), cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            return StepResult.Fault<StoredEvidence>(refusal.Fault);
        }
    }

    public Task EnsureProofAsync(string captureId, RevocationProof proof, IReadOnlyList<StepRecord> timeline, CancellationToken cancellationToken) => _refusals.GuardAsync(
        async () =>
        {
            for (var attempt = 0; attempt < ProofTries; attempt++)
            {
                if (!CaptureIds.IsValid(captureId)
                    || await _manifests.TryReadAsync(captureId, cancellationToken) is not var (manifest, etag)
                    || (manifest.Revocation is not null && (manifest.Revocation.Proven || !proof.Proven)))
                {
                    return false;
                }

                if (await _manifests.TryReplaceAsync(manifest with { Revocation = proof, Timeline = timeline }, etag, cancellationToken))
                {
                    return true;
                }
            }

            throw new StepUnavailableException($"Other runs are writing the manifest of {captureId}.");
        },
        cancellationToken);

    public Task EnsureDiscardedAsync(string captureId, CancellationToken cancellationToken)
    {
        var staged = Staged(captureId);
        return _refusals.GuardAsync(
            async () =>
            {
                if (!await _manifests.ExistsAsync(captureId, cancellationToken))
                {
                    await BlobSweep.DiscardAsync(access, staged, captureId, time, cancellationToken);
                }

                return true;
            },
            cancellationToken);
    }

    public Task<CaptureManifest?> TryReadManifestAsync(string captureId, CancellationToken cancellationToken) => !CaptureIds.IsValid(captureId)
        ? Task.FromResult<CaptureManifest?>(null)
        : _refusals.GuardAsync(async () => await _manifests.TryReadAsync(captureId, cancellationToken) is var (manifest, _) ? manifest : null, cancellationToken);

    public async Task<Stream?> TryOpenFileAsync(string captureId, string fileName, CancellationToken cancellationToken)
    {
        if (await TryReadManifestAsync(captureId, cancellationToken) is not { } manifest)
        {
            return null;
        }

        // Compared with the names that are known, not joined to an address and checked after.
        var name = fileName == EvidenceFiles.Manifest ? BlobNames.Manifest(captureId)
            : manifest.Evidence.FileName is { } known && known == fileName ? BlobNames.File(captureId)
            : EvidenceFiles.Derived.Contains(fileName) ? BlobNames.Derived(captureId, fileName)
            : null;
        return name is null ? null : await _refusals.GuardAsync(() => TryOpenAsync(name, cancellationToken), cancellationToken);
    }

    public Task<bool> TryAddDerivedAsync(string captureId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => !CaptureIds.IsValid(captureId)
        ? Task.FromResult(false)
        : _refusals.GuardAsync(() => new BlobDerived(access, _manifests).TryAddAsync(captureId, fileName, content, cancellationToken), cancellationToken);

    private async Task<Stream?> TryOpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await access.Container.GetBlobClient(name).OpenReadAsync(new BlobOpenReadOptions(allowModifications: false) { BufferSize = ReadAhead }, cancellationToken);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    private StagedBlob Staged(string captureId) => new(access, BlobNames.Checked(captureId), time);

    /// <summary>A run that was thought dead must not stage under what is stored.</summary>
    private async Task RefuseStoredAsync(string captureId, CancellationToken cancellationToken)
    {
        if (await _manifests.ExistsAsync(captureId, cancellationToken))
        {
            throw new StepUnavailableException($"{captureId} is stored already.");
        }
    }
}
