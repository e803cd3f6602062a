using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// The logs of captures in a container: <c>log/ID.jsonl</c>, an append blob, to which the service itself lets nobody do anything but append. Two hosts
/// at once are kept apart by the length that each saw.
/// </summary>
internal sealed class BlobCustody(BlobAccess access, BlobStoreOptions options, CustodySigning signing, TimeProvider time) : ICustodyLog
{
    private const int Tries = 20;

    private readonly BlobRefusals _refusals = new(options, time);

    public Task<CustodyHead> EnsureAsync(string captureId, IReadOnlyList<CustodyEntry> entries, CancellationToken cancellationToken)
    {
        var log = access.Container.GetAppendBlobClient(BlobNames.Log(captureId));
        return _refusals.GuardAsync(
            async () =>
            {
                var key = await signing.KeyAsync(cancellationToken);
                for (var attempt = 0; attempt < Tries; attempt++)
                {
                    var there = await ReadAsync(log, cancellationToken);
                    if (there is null)
                    {
                        await log.CreateIfNotExistsAsync(new AppendBlobCreateOptions { HttpHeaders = new() { ContentType = EvidenceMedia.Log } }, cancellationToken);
                    }

                    var (append, head) = CustodyChain.Continue(captureId, there, entries, key);
                    if (append.Length == 0 || await TryAppendAsync(log, append, there?.Length ?? 0, cancellationToken))
                    {
                        return head;
                    }
                }

                throw new StepUnavailableException($"Other runs are writing the log of {captureId}.");
            },
            cancellationToken);
    }

    public Task<Stream?> TryOpenAsync(string captureId, CancellationToken cancellationToken) => !CaptureIds.IsValid(captureId)
        ? Task.FromResult<Stream?>(null)
        : _refusals.GuardAsync(
            async () => await ReadAsync(access.Container.GetAppendBlobClient(BlobNames.Log(captureId)), cancellationToken) is { } log
                ? (Stream?)new MemoryStream(log, writable: false)
                : null,
            cancellationToken);

    private static async Task<byte[]?> ReadAsync(AppendBlobClient log, CancellationToken cancellationToken)
    {
        try
        {
            return (await log.DownloadContentAsync(cancellationToken)).Value.Content.ToArray();
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return null;
        }
    }

    /// <returns>False when somebody else appended since.</returns>
    private static async Task<bool> TryAppendAsync(AppendBlobClient log, byte[] append, int length, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new MemoryStream(append, writable: false);
            await log.AppendBlockAsync(content, new AppendBlobAppendBlockOptions { Conditions = new() { IfAppendPositionEqual = length } }, cancellationToken);
            return true;
        }
        catch (RequestFailedException behind) when (behind.ErrorCode == BlobErrorCode.AppendPositionConditionNotMet)
        {
            return false;
        }
    }
}
