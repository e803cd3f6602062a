using Azure;
using Azure.Storage.Blobs.Models;

namespace CaptureFlow.Evidence;

/// <summary>What of a capture's bytes is in the store.</summary>
/// <param name="Properties">Of the committed blob; null when nothing was committed yet.</param>
/// <param name="Chain">The blocks from byte 0 on, committed or not.</param>
internal sealed record StagedState(BlobProperties? Properties, BlockChain Chain)
{
    /// <summary>The condition that nobody committed anything since this was looked at.</summary>
    public BlobRequestConditions Unchanged => Properties is null ? new() { IfNoneMatch = ETag.All } : new() { IfMatch = Properties.ETag };
}
