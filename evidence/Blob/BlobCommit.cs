using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>
/// Makes a staged capture permanent: its file gets hashes, metadata and tags in one commit, under the condition that it is still the one that
/// was read; then the manifest is written where none is, which stores both. Killed before that, nothing is stored and the next run does it all
/// again. A run that loses either race reads back and compares.
/// </summary>
internal sealed class BlobCommit(BlobAccess access, BlobStoreOptions options, BlobManifests manifests, BlobDigests digests, TimeProvider time, ILogger logger)
{
    private const int Tries = 4;

    public async Task<StepResult<StoredEvidence>> RunAsync(CaptureManifest manifest, CancellationToken cancellationToken)
    {
        var id = BlobNames.Checked(manifest.Plan.Order.CaptureId);
        var staged = new StagedBlob(access, id, time);
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            if (await manifests.ExistsAsync(id, cancellationToken))
            {
                return await CompareAsync(staged, manifest, cancellationToken);
            }

            await RequireImmutabilityAsync(cancellationToken);
            var state = await staged.EnsureReadableAsync(cancellationToken);
            var digest = state is null ? null : await digests.OfAsync(staged, state, cancellationToken);
            if (Mismatch(digest, manifest.Evidence) is { } fault)
            {
                return StepResult.Fault<StoredEvidence>(fault);
            }

            if (await TryStoreAsync(staged, state, digest, manifest, cancellationToken) is { } evidence)
            {
                return StepResult.Of(evidence);
            }
        }

        throw new StepUnavailableException($"Other runs are storing {id}.");
    }

    /// <returns>Null when another runner was faster somewhere.</returns>
    private async Task<StoredEvidence?> TryStoreAsync(StagedBlob staged, StagedState? state, BlobDigest? digest, CaptureManifest manifest, CancellationToken cancellationToken)
    {
        var facts = CaptureFacts.Of(manifest);
        var evidence = manifest.Evidence with
        {
            Location = access.Container.GetBlobClient(manifest.Evidence.FileName is null ? BlobNames.Manifest(facts.CaptureId) : BlobNames.File(facts.CaptureId)).Uri.GetLeftPart(UriPartial.Path),
        };
        if (digest is not null && !await TrySealAsync(staged, state!, digest, facts, cancellationToken))
        {
            return null;
        }

        await WriteIndexAsync(facts, cancellationToken);
        if (!await manifests.TryAddAsync(manifest with { Evidence = evidence }, cancellationToken))
        {
            return null;
        }

        await RemoveMarkerAsync(facts.CaptureId, cancellationToken);
        return evidence;
    }

    private async Task<bool> TrySealAsync(StagedBlob staged, StagedState state, BlobDigest digest, CaptureFacts facts, CancellationToken cancellationToken)
    {
        if (SealOf(state.Properties!) == digest.Sha256)
        {
            return true;
        }

        var metadata = BlobTags.Metadata(facts);
        metadata[BlobTags.Sha256] = digest.Sha256;
        try
        {
            await staged.Blob.CommitBlockListAsync(
                state.Chain.Ids,
                new CommitBlockListOptions
                {
                    Conditions = state.Unchanged,
                    HttpHeaders = new() { ContentType = EvidenceMedia.Capture, ContentHash = digest.Md5 },
                    Metadata = metadata,
                    Tags = manifests.Tags("file", facts),
                    ImmutabilityPolicy = manifests.Immutability,
                    LegalHold = manifests.LegalHold,
                },
                cancellationToken);
            return true;
        }
        catch (RequestFailedException lost) when (lost.ErrorCode == BlobErrorCode.ConditionNotMet || lost.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Before the manifest, so that nothing that is stored can be missing in the lists; without the manifest it means nothing.</summary>
    private async Task WriteIndexAsync(CaptureFacts facts, CancellationToken cancellationToken) => await access.Container.GetBlockBlobClient(BlobNames.Index(CaptureCursor.Of(facts))).UploadAsync(
        Stream.Null,
        new BlobUploadOptions { Metadata = BlobTags.Metadata(facts), Tags = manifests.Tags("index", facts) },
        cancellationToken);

    private async Task<StepResult<StoredEvidence>> CompareAsync(StagedBlob staged, CaptureManifest manifest, CancellationToken cancellationToken)
    {
        var id = manifest.Plan.Order.CaptureId;
        if (await manifests.TryReadAsync(id, cancellationToken) is not var (existing, _) || !SamePlan(existing.Plan, manifest.Plan))
        {
            return Taken(id);
        }

        if (existing.Evidence.FileName is not null)
        {
            var state = await staged.LookAsync(cancellationToken);
            var digest = state.Properties is null ? null : await digests.OfAsync(staged, state, cancellationToken);
            if ((digest?.Bytes, digest?.Sha256) != (existing.Evidence.Bytes, existing.Evidence.Sha256))
            {
                return StepResult.Fault<StoredEvidence>(new CaptureFault(
                    FaultCodes.FileMismatch,
                    "The stored file is not the one that its manifest describes.",
                    $"It was changed after it was stored. See {BlobNames.File(id)} in the container '{options.Container}', and its earlier versions."));
            }
        }

        if ((existing.Evidence.Bytes, existing.Evidence.Sha256) != (manifest.Evidence.Bytes, manifest.Evidence.Sha256))
        {
            return Taken(id);
        }

        await RemoveMarkerAsync(id, cancellationToken);
        return StepResult.Of(existing.Evidence);
    }

    private async Task RemoveMarkerAsync(string captureId, CancellationToken cancellationToken)
    {
        try
        {
            await access.Container.DeleteBlobIfExistsAsync(BlobNames.Staging(captureId), cancellationToken: cancellationToken);
        }
        catch (RequestFailedException leased) when (leased.Status is 409 or 412)
        {
            // A run that was thought dead still holds it; the sweep removes it later.
            Log.MarkerLeft(logger, captureId);
        }
    }

    /// <summary>Asked of the container and not left to the write, whose answer then only says that some header is not supported.</summary>
    private async Task RequireImmutabilityAsync(CancellationToken cancellationToken)
    {
        if (options is { ImmutableDays: 0, LegalHold: false })
        {
            return;
        }

        var container = await access.Container.GetPropertiesAsync(cancellationToken: cancellationToken);
        if (!container.Value.HasImmutableStorageWithVersioning)
        {
            throw new StoreRefusedException(new(
                FaultCodes.StoreRefused,
                $"The container '{options.Container}' has no version-level immutability, which {BlobStoreOptions.Section}:ImmutableDays and LegalHold need.",
                "Make a container that has it (az storage container-rm create --enable-vlw), or set ImmutableDays to 0 and LegalHold to false. What is staged is kept."));
        }
    }

    private static string? SealOf(BlobProperties properties) => properties.Metadata.TryGetValue(BlobTags.Sha256, out var sha256) ? sha256 : null;

    private static CaptureFault? Mismatch(BlobDigest? digest, StoredEvidence described)
    {
        var same = described.FileName is null ? digest is null : (digest?.Bytes, digest?.Sha256) == (described.Bytes, described.Sha256);
        return same ? null : new(
            FaultCodes.FileMismatch,
            $"The {digest?.Bytes ?? 0} staged bytes are not the {described.Bytes} that the manifest describes.",
            "Nothing is stored and what is staged is kept. Another program may be writing to the container.");
    }

    private StepResult<StoredEvidence> Taken(string captureId) => StepResult.Fault<StoredEvidence>(new CaptureFault(
        FaultCodes.NameTaken,
        $"Another capture is stored as {captureId}.",
        $"Nothing was replaced. See {BlobNames.Manifest(captureId)} in the container '{options.Container}'; take this capture under a new id."));

    /// <summary>Records compare their lists by reference; their JSON compares what is in them.</summary>
    private static bool SamePlan(CapturePlan one, CapturePlan other) =>
        JsonSerializer.Serialize(one, CaptureJson.Options) == JsonSerializer.Serialize(other, CaptureJson.Options);
}
