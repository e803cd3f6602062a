using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// The blob that a capture's bytes are staged in, which becomes its file. Uncommitted blocks cannot be read, so what is staged is committed
/// before it is read: to be hashed when a transfer is taken up again, and to be walked and hashed before it is stored. That makes it no
/// evidence yet: only the manifest does.
/// </summary>
internal sealed class StagedBlob(BlobAccess access, string captureId, TimeProvider time)
{
    public BlockBlobClient Blob { get; } = access.Container.GetBlockBlobClient(BlobNames.File(captureId));

    /// <summary>What is there, committed or not.</summary>
    public async Task<StagedState> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var blocks = await Blob.GetBlockListAsync(BlockListTypes.All, cancellationToken: cancellationToken);
            return new(await TryPropertiesAsync(cancellationToken), BlockChain.Of(blocks.Value));
        }
        catch (RequestFailedException nothing) when (nothing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return new(null, BlockChain.Empty);
        }
    }

    /// <summary>Commits what is staged but not committed.</summary>
    /// <returns>Null when nothing is staged.</returns>
    /// <exception cref="StepUnavailableException">Another runner is staging.</exception>
    public async Task<StagedState?> EnsureReadableAsync(CancellationToken cancellationToken)
    {
        var state = await LookAsync(cancellationToken);
        if (state.Chain.HasUncommitted)
        {
            await using var lease = await StagingLease.TakeAsync(access, captureId, time, cancellationToken);
            state = await LookAsync(cancellationToken);
            if (state.Chain.HasUncommitted)
            {
                await CommitAsync(state, state.Chain.Ids, cancellationToken);
                state = await LookAsync(cancellationToken);
            }
        }

        return state.Properties is { ContentLength: > 0 } ? state : null;
    }

    /// <summary>Drops everything staged, uncommitted blocks too: an empty list of blocks does, where deleting or overwriting leaves them.</summary>
    public async Task<StagedState> ResetAsync(CancellationToken cancellationToken)
    {
        var state = await LookAsync(cancellationToken);
        if (state.Properties is not null || state.Chain.Length > 0)
        {
            await CommitAsync(state, [], cancellationToken);
            state = await LookAsync(cancellationToken);
        }

        return state;
    }

    private Task<Response<BlobContentInfo>> CommitAsync(StagedState state, IEnumerable<string> blocks, CancellationToken cancellationToken) => Blob.CommitBlockListAsync(
        blocks,
        new CommitBlockListOptions { Conditions = state.Unchanged, HttpHeaders = new() { ContentType = EvidenceMedia.Capture } },
        cancellationToken);

    private async Task<BlobProperties?> TryPropertiesAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Blob.GetPropertiesAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException nothing) when (nothing.Status == 404)
        {
            return null;
        }
    }
}
