using System.Runtime.CompilerServices;
using Azure.Storage.Blobs.Models;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>
/// Finds stored captures by their index entries, whose names sort by time. Listing a day is always up to date; the tag index answers for
/// all days at once, and seconds to minutes late. So the last two days are listed, and older ones are asked of the tag index where there is
/// one and something to ask for.
/// </summary>
internal sealed class BlobCatalog(BlobAccess access, BlobStoreOptions options, TimeProvider time, ILogger<BlobStore> logger) : ICaptureCatalog
{
    private readonly BlobRefusals _refusals = new(options, time);
    private readonly BlobManifests _manifests = new(access, options, time, logger);

    public async IAsyncEnumerable<CaptureManifest> FindAsync(
        CaptureFilter filter, CaptureCursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = after is null ? null : BlobNames.Index(after);
        await foreach (var name in NamesAsync(filter, after, cancellationToken))
        {
            // An entry without a manifest is that of a capture which is being stored, or whose storing failed.
            if ((place is null || string.CompareOrdinal(name, place) < 0)
                && BlobNames.TryId(name) is { } id
                && await _refusals.GuardAsync(() => _manifests.TryReadAsync(id, cancellationToken), cancellationToken) is var (manifest, _)
                && filter.Matches(CaptureFacts.Of(manifest)))
            {
                yield return manifest;
            }
        }
    }

    /// <summary>The days that have index entries, the latest first.</summary>
    public Task<List<DateOnly>> DaysAsync(CancellationToken cancellationToken) => _refusals.GuardAsync(
        async () =>
        {
            List<DateOnly> days = [];
            var listing = access.Container.GetBlobsByHierarchyAsync(new GetBlobsByHierarchyOptions { Prefix = BlobNames.IndexPrefix, Delimiter = "/" }, cancellationToken);
            await foreach (var item in listing)
            {
                if (item.IsPrefix && BlobNames.TryDay(item.Prefix) is { } day)
                {
                    days.Add(day);
                }
            }

            days.Sort((one, other) => other.CompareTo(one));
            return days;
        },
        cancellationToken);

    /// <summary>The index entries of a day, by name, with what they say.</summary>
    public Task<List<(string Name, CaptureFacts Facts)>> DayAsync(DateOnly day, CancellationToken cancellationToken) => _refusals.GuardAsync(
        async () =>
        {
            List<(string, CaptureFacts)> entries = [];
            await foreach (var item in access.Container.GetBlobsAsync(BlobTraits.Metadata, BlobStates.None, BlobNames.IndexDay(day), cancellationToken))
            {
                if (BlobTags.TryRead(item.Metadata) is { } facts)
                {
                    entries.Add((item.Name, facts));
                }
            }

            return entries;
        },
        cancellationToken);

    private async IAsyncEnumerable<string> NamesAsync(CaptureFilter filter, CaptureCursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var byTags = options.Tags && filter is not { Cluster: null, Namespace: null, Pod: null, RequestedBy: null, Verdict: null };
        var listedFrom = byTags ? DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(-1) : DateOnly.MinValue;
        var first = Day(filter.From) is { } from && from > listedFrom ? from : listedFrom;
        var last = Day(after?.RequestedAt) ?? Day(filter.To) ?? DateOnly.MaxValue;
        foreach (var day in (await DaysAsync(cancellationToken)).Where(day => day >= first && day <= last))
        {
            var entries = await DayAsync(day, cancellationToken);
            foreach (var (name, _) in entries.Where(entry => filter.Matches(entry.Facts)).OrderByDescending(entry => entry.Name, StringComparer.Ordinal))
            {
                yield return name;
            }
        }

        if (byTags)
        {
            foreach (var name in await TaggedAsync(filter, listedFrom, cancellationToken))
            {
                yield return name;
            }
        }
    }

    /// <summary>The tag index gives no order, so all that match are taken before the first is given: names only.</summary>
    private Task<IEnumerable<string>> TaggedAsync(CaptureFilter filter, DateOnly before, CancellationToken cancellationToken) => _refusals.GuardAsync(
        async () =>
        {
            List<string> names = [];
            var condition = BlobTags.Condition(filter, new DateTimeOffset(before, TimeOnly.MinValue, TimeSpan.Zero));
            await foreach (var item in access.Container.FindBlobsByTagsAsync(condition, cancellationToken))
            {
                names.Add(item.BlobName);
            }

            return (IEnumerable<string>)names.OrderDescending(StringComparer.Ordinal);
        },
        cancellationToken);

    private static DateOnly? Day(DateTimeOffset? time) => time is { } known ? DateOnly.FromDateTime(known.UtcDateTime) : null;
}
