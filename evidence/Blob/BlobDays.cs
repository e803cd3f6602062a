using Azure;
using Azure.Storage.Blobs.Models;

namespace CaptureFlow.Evidence;

/// <summary>The days' heads in the container, each immutable as captures are where the settings say so.</summary>
internal sealed class BlobDays(BlobAccess access, BlobStoreOptions options, TimeProvider time) : ICustodyDays
{
    private readonly BlobRefusals _refusals = new(options, time);

    public Task<IReadOnlyList<DateOnly>> DaysAsync(CancellationToken cancellationToken) => _refusals.GuardAsync(
        async () =>
        {
            List<DateOnly> days = [];
            await foreach (var head in access.Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, BlobNames.HeadPrefix, cancellationToken))
            {
                if (CustodyDay.TryDay(head.Name[BlobNames.HeadPrefix.Length..]) is { } day)
                {
                    days.Add(day);
                }
            }

            days.Sort();
            return (IReadOnlyList<DateOnly>)days;
        },
        cancellationToken);

    public Task<byte[]?> TryReadAsync(DateOnly day, CancellationToken cancellationToken) => _refusals.GuardAsync(
        async () =>
        {
            try
            {
                return (byte[]?)(await access.Container.GetBlobClient(CustodyDay.NameOf(day)).DownloadContentAsync(cancellationToken)).Value.Content.ToArray();
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                return null;
            }
        },
        cancellationToken);

    public Task<bool> TryWriteAsync(DateOnly day, ReadOnlyMemory<byte> head, CancellationToken cancellationToken) => _refusals.GuardAsync(
        async () =>
        {
            try
            {
                await access.Container.GetBlobClient(CustodyDay.NameOf(day)).UploadAsync(
                    new BinaryData(head),
                    new BlobUploadOptions
                    {
                        Conditions = new() { IfNoneMatch = ETag.All },
                        HttpHeaders = new() { ContentType = EvidenceMedia.Manifest },
                        ImmutabilityPolicy = options.ImmutableDays == 0 ? null : new()
                        {
                            ExpiresOn = time.GetUtcNow().AddDays(options.ImmutableDays),
                            PolicyMode = options.LockImmutability ? BlobImmutabilityPolicyMode.Locked : BlobImmutabilityPolicyMode.Unlocked,
                        },
                    },
                    cancellationToken);
                return true;
            }
            catch (RequestFailedException there) when (there.ErrorCode == BlobErrorCode.BlobAlreadyExists || there.ErrorCode == BlobErrorCode.ConditionNotMet)
            {
                return false;
            }
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> WrittenSinceAsync(DateTimeOffset? since, CancellationToken cancellationToken) => _refusals.GuardAsync(
        async () =>
        {
            List<string> ids = [];
            await foreach (var log in access.Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, BlobNames.LogPrefix, cancellationToken))
            {
                if ((since is null || log.Properties.LastModified >= since) && BlobNames.TryIdOfLog(log.Name) is { } id)
                {
                    ids.Add(id);
                }
            }

            return (IReadOnlyList<string>)ids;
        },
        cancellationToken);
}
