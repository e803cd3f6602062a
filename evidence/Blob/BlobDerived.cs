using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// Files that were made of a stored capture, beside it. They have its tags, so that the account's lifecycle rules take them with it, and
/// neither an immutability policy nor a legal hold of their own: one that ends later than the capture's would hold the capture, and they can
/// be made again.
/// </summary>
internal sealed class BlobDerived(BlobAccess access, BlobManifests manifests)
{
    /// <returns>False when there is one of that name, or the capture is not stored (any more).</returns>
    public async Task<bool> TryAddAsync(
        string captureId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var blob = access.Container.GetBlockBlobClient(BlobNames.Derived(captureId, fileName));
        if (await manifests.TryReadAsync(captureId, cancellationToken) is not var (manifest, _))
        {
            return false;
        }

        var facts = CaptureFacts.Of(manifest);
        var upload = new BlobUploadOptions
        {
            Conditions = new() { IfNoneMatch = ETag.All },
            HttpHeaders = new() { ContentType = fileName == EvidenceFiles.TriageText ? EvidenceMedia.Text : EvidenceMedia.Card },
            Metadata = BlobTags.Metadata(facts),
            Tags = manifests.Tags("derived", facts),
            TransferValidation = new() { ChecksumAlgorithm = access.Checksum },
        };
        try
        {
            using var bytes = new MemoryStream(content.ToArray(), writable: false);
            await blob.UploadAsync(bytes, upload, cancellationToken);
        }
        catch (RequestFailedException there)
            when (there.ErrorCode == BlobErrorCode.BlobAlreadyExists || there.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }

        if (await manifests.ExistsAsync(captureId, cancellationToken))
        {
            return true;
        }

        // The capture's time was over meanwhile, and nothing of it may stay.
        await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken);
        return false;
    }
}
