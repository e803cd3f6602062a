using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>
/// Links to blobs that work for minutes, signed with a user delegation key (with the account's on Azurite, which has no other). Each is noted
/// in the capture's log, without its signature, before it is given out.
/// </summary>
internal sealed class BlobLinks(BlobAccess access, BlobStoreOptions options, ICustodyLog log, TimeProvider time, ILogger<BlobStore> logger) : IEvidenceLinks
{
    private readonly BlobRefusals _refusals = new(options, time);
    private readonly BlobManifests _manifests = new(access, options, time, logger);

    public async Task<Uri?> TryLinkAsync(string captureId, string fileName, Actor requestedBy, CancellationToken cancellationToken) =>
        !options.Links || !CaptureIds.IsValid(captureId)
            ? null
            : await _refusals.GuardAsync(() => LinkAsync(captureId, fileName, requestedBy, cancellationToken), cancellationToken);

    private async Task<Uri?> LinkAsync(string captureId, string fileName, Actor requestedBy, CancellationToken cancellationToken)
    {
        if (await _manifests.TryReadAsync(captureId, cancellationToken) is not var (manifest, _) || manifest.Evidence.FileName is not { } name || name != fileName)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var sas = new BlobSasBuilder(BlobSasPermissions.Read, now + options.LinkLifetime)
        {
            BlobContainerName = access.Container.Name,
            BlobName = BlobNames.File(captureId),
            Resource = "b",
            Protocol = options.Emulator ? SasProtocol.HttpsAndHttp : SasProtocol.Https,
            ContentDisposition = $"attachment; filename=\"{captureId}.pcap\"",
            CacheControl = "no-store",
        };
        var link = new BlobUriBuilder(access.Container.GetBlobClient(sas.BlobName).Uri) { Sas = await SignAsync(sas, cancellationToken) }.ToUri();
        await log.EnsureAsync(captureId, [CustodyNotes.Linked(requestedBy, fileName, now, sas.ExpiresOn)], cancellationToken);
        Log.Linked(logger, captureId, fileName, requestedBy.Name, sas.ExpiresOn);
        return link;
    }

    private async Task<BlobSasQueryParameters> SignAsync(BlobSasBuilder sas, CancellationToken cancellationToken)
    {
        if (access.SharedKey is { } key)
        {
            return sas.ToSasQueryParameters(key);
        }

        // A key for this one link, so that none lives longer than it.
        var delegation = await access.Service.GetUserDelegationKeyAsync(null, sas.ExpiresOn, cancellationToken);
        return sas.ToSasQueryParameters(delegation.Value, access.Service.AccountName);
    }
}
