using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>The manifests, and what is set on every blob that is evidence.</summary>
internal sealed class BlobManifests(BlobAccess access, BlobStoreOptions options, TimeProvider time, ILogger logger)
{
    public async Task<bool> ExistsAsync(string captureId, CancellationToken cancellationToken) =>
        await access.Container.GetBlockBlobClient(BlobNames.Manifest(captureId)).ExistsAsync(cancellationToken);

    /// <returns>Null when there is none, or none that can be understood; the latter is logged.</returns>
    public async Task<(CaptureManifest Manifest, ETag ETag)?> TryReadAsync(string captureId, CancellationToken cancellationToken)
    {
        var name = BlobNames.Manifest(captureId);
        try
        {
            var content = await access.Container.GetBlockBlobClient(name).DownloadContentAsync(cancellationToken);
            return content.Value.Content.ToObjectFromJson<CaptureManifest>(CaptureJson.Options) is { } manifest ? (manifest, content.Value.Details.ETag) : null;
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
        catch (JsonException damaged)
        {
            Log.ManifestUnreadable(logger, name, damaged.Message);
            return null;
        }
    }

    /// <summary>Writes a manifest where there is none. This is what stores a capture.</summary>
    /// <returns>False when there is one.</returns>
    public Task<bool> TryAddAsync(CaptureManifest manifest, CancellationToken cancellationToken) =>
        TryWriteAsync(manifest, new() { IfNoneMatch = ETag.All }, cancellationToken);

    /// <summary>Writes a manifest over the one that was read.</summary>
    /// <returns>False when it was changed since.</returns>
    public Task<bool> TryReplaceAsync(CaptureManifest manifest, ETag read, CancellationToken cancellationToken) =>
        TryWriteAsync(manifest, new() { IfMatch = read }, cancellationToken);

    public Dictionary<string, string>? Tags(string kind, CaptureFacts facts) => options.Tags ? BlobTags.Tags(kind, facts) : null;

    public BlobImmutabilityPolicy? Immutability => options.ImmutableDays == 0 ? null : new()
    {
        ExpiresOn = time.GetUtcNow().AddDays(options.ImmutableDays),
        PolicyMode = options.LockImmutability ? BlobImmutabilityPolicyMode.Locked : BlobImmutabilityPolicyMode.Unlocked,
    };

    public bool? LegalHold => options.LegalHold ? true : null;

    private async Task<bool> TryWriteAsync(CaptureManifest manifest, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        var facts = CaptureFacts.Of(manifest);
        using var content = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest, CaptureJson.Indented), writable: false);
        var upload = new BlobUploadOptions
        {
            Conditions = conditions,
            HttpHeaders = new() { ContentType = EvidenceMedia.Manifest },
            Metadata = BlobTags.Metadata(facts),
            Tags = Tags("manifest", facts),
            ImmutabilityPolicy = Immutability,
            LegalHold = LegalHold,
            TransferValidation = new() { ChecksumAlgorithm = access.Checksum },
        };
        try
        {
            await access.Container.GetBlockBlobClient(BlobNames.Manifest(facts.CaptureId)).UploadAsync(content, upload, cancellationToken);
            return true;
        }
        catch (RequestFailedException there) when (there.ErrorCode == BlobErrorCode.BlobAlreadyExists || there.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }
    }
}
