using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>
/// Links to blobs that work for minutes, signed with a user delegation key (with the account's on Azurite, which has no other). Each is noted
/// in the capture's <c>log.jsonl</c>, without its signature, before it is given out.
/// </summary>
internal sealed class BlobLinks(BlobAccess access, BlobStoreOptions options, TimeProvider time, ILogger<BlobStore> logger) : IEvidenceLinks
{
    private readonly BlobRefusals _refusals = new(options, time);
    private readonly BlobManifests _manifests = new(access, options, time, logger);

    public async Task<Uri?> TryLinkAsync(string captureId, string fileName, string requestedBy, CancellationToken cancellationToken) =>
        !options.Links || !CaptureIds.IsValid(captureId)
            ? null
            : await _refusals.GuardAsync(() => LinkAsync(captureId, fileName, requestedBy, cancellationToken), cancellationToken);

    private async Task<Uri?> LinkAsync(string captureId, string fileName, string requestedBy, CancellationToken cancellationToken)
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
        await NoteAsync(captureId, new("link", now, fileName, requestedBy, sas.ExpiresOn), cancellationToken);
        Log.Linked(logger, captureId, fileName, requestedBy, sas.ExpiresOn);
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

    private async Task NoteAsync(string captureId, LogEntry entry, CancellationToken cancellationToken)
    {
        var log = access.Container.GetAppendBlobClient(BlobNames.Log(captureId));
        await log.CreateIfNotExistsAsync(new AppendBlobCreateOptions { HttpHeaders = new() { ContentType = "application/jsonl" } }, cancellationToken);
        using var line = new MemoryStream([.. JsonSerializer.SerializeToUtf8Bytes(entry, CaptureJson.Options), (byte)'\n'], writable: false);
        await log.AppendBlockAsync(line, cancellationToken: cancellationToken);
    }

    private sealed record LogEntry(string Event, DateTimeOffset At, string File, string RequestedBy, DateTimeOffset ExpiresAt);
}
