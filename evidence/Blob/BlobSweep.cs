using Azure.Storage.Blobs.Specialized;

namespace CaptureFlow.Evidence;

/// <summary>Drops what was staged and is not wanted.</summary>
internal static class BlobSweep
{
    /// <summary>The caller knows that the capture is not stored.</summary>
    public static async Task DiscardAsync(BlobAccess access, StagedBlob staged, string captureId, TimeProvider time, CancellationToken cancellationToken)
    {
        var state = await staged.LookAsync(cancellationToken);
        var marker = await access.Container.GetBlockBlobClient(BlobNames.Staging(captureId)).ExistsAsync(cancellationToken);
        if (state is { Properties: null, Chain.Length: 0 } && !marker)
        {
            return;
        }

        await using var lease = await StagingLease.TakeAsync(access, captureId, time, cancellationToken);
        state = await staged.ResetAsync(cancellationToken);
        if (state.Properties is { } properties)
        {
            await staged.Blob.DeleteIfExistsAsync(conditions: new() { IfMatch = properties.ETag }, cancellationToken: cancellationToken);
        }

        await lease.RemoveAsync(cancellationToken);
    }
}
