using Azure;
using Azure.Storage.Blobs.Models;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>Deletes what is past its time, found by the index entries, and what was staged and given up, found by the staging markers.</summary>
internal sealed class BlobRetention(BlobAccess access, BlobStoreOptions options, BlobCatalog catalog, TimeProvider time, ILogger<BlobStore> logger) : ICaptureRetention
{
    private readonly BlobRefusals _refusals = new(options, time);
    private readonly BlobManifests _manifests = new(access, options, time, logger);

    public async Task<RetentionReport> SweepAsync(RetentionRules rules, Func<string, CancellationToken, Task> deleting, CancellationToken cancellationToken)
    {
        List<string> deleted = [], held = [];
        if (rules.Shortest is { } shortest)
        {
            var youngest = DateOnly.FromDateTime((rules.Now - shortest).UtcDateTime);
            foreach (var day in (await catalog.DaysAsync(cancellationToken)).Where(day => day <= youngest))
            {
                foreach (var (name, facts) in await catalog.DayAsync(day, cancellationToken))
                {
                    if (!rules.IsOver(facts.Verdict, facts.RequestedAt))
                    {
                        continue;
                    }

                    cancellationToken.ThrowIfCancellationRequested();
                    if (!await _refusals.GuardAsync(() => TryDeleteAsync(name, facts.CaptureId, cancellationToken), cancellationToken))
                    {
                        held.Add(facts.CaptureId);
                        continue;
                    }

                    await deleting(facts.CaptureId, cancellationToken);
                    await _refusals.GuardAsync(() => access.Container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken), cancellationToken);
                    deleted.Add(facts.CaptureId);
                }
            }
        }

        var givenUp = await _refusals.GuardAsync(() => DropGivenUpAsync(rules, cancellationToken), cancellationToken);
        return new(deleted, held, givenUp, await _refusals.GuardAsync(() => DropLogsAsync(rules, cancellationToken), cancellationToken));
    }

    /// <summary>The manifest first, which makes it a capture that is not stored; all but the index entry, by which a sweep that was cut short goes on.</summary>
    private async Task<bool> TryDeleteAsync(string indexName, string captureId, CancellationToken cancellationToken)
    {
        string[] names = [BlobNames.Manifest(captureId), BlobNames.File(captureId), .. EvidenceFiles.Derived.Select(name => BlobNames.Derived(captureId, name))];
        foreach (var name in (string[])[.. names, indexName])
        {
            if (await IsHeldAsync(name, cancellationToken))
            {
                return false;
            }
        }

        try
        {
            foreach (var name in names)
            {
                await access.Container.DeleteBlobIfExistsAsync(name, DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException kept) when (kept.Status is 409 or 412)
        {
            // A hold on the whole container, or a lease.
            return false;
        }
    }

    private async Task<bool> IsHeldAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await access.Container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return properties.Value.HasLegalHold || properties.Value.ImmutabilityPolicy?.ExpiresOn > time.GetUtcNow();
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            return false;
        }
    }

    private async Task<int> DropLogsAsync(RetentionRules rules, CancellationToken cancellationToken)
    {
        var dropped = 0;
        await foreach (var log in access.Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, BlobNames.LogPrefix, cancellationToken))
        {
            // A log lives as long as what it tells of: verification would call evidence without one forged.
            if (log.Properties.LastModified is { } lastEntry && rules.IsLogOver(lastEntry)
                && !(BlobNames.TryIdOfLog(log.Name) is { } id && await _manifests.ExistsAsync(id, cancellationToken)) && !await IsHeldAsync(log.Name, cancellationToken))
            {
                await access.Container.DeleteBlobIfExistsAsync(log.Name, DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
                dropped++;
            }
        }

        return dropped;
    }

    private async Task<List<string>> DropGivenUpAsync(RetentionRules rules, CancellationToken cancellationToken)
    {
        List<string> givenUp = [];
        await foreach (var marker in access.Container.GetBlobsAsync(BlobTraits.None, BlobStates.None, BlobNames.StagingPrefix, cancellationToken))
        {
            var id = marker.Name[BlobNames.StagingPrefix.Length..];
            if (!CaptureIds.IsValid(id) || marker.Properties is not { LastModified: { } since } properties
                || properties.LeaseState == LeaseState.Leased || !rules.IsGivenUp(since))
            {
                continue;
            }

            if (await _manifests.ExistsAsync(id, cancellationToken))
            {
                await access.Container.DeleteBlobIfExistsAsync(marker.Name, cancellationToken: cancellationToken);
                continue;
            }

            await BlobSweep.DiscardAsync(access, new StagedBlob(access, id, time), id, time, cancellationToken);
            givenUp.Add(id);
        }

        return givenUp;
    }
}
