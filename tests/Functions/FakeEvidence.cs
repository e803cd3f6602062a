using System.Runtime.CompilerServices;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests;

/// <summary>A catalogue, its links its retention and its log, in memory.</summary>
internal sealed class FakeEvidence : ICaptureCatalog, IEvidenceLinks, ICaptureRetention, ICustodyLog
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public List<CaptureManifest> Manifests { get; } = [];

    public Uri? Link { get; init; }

    /// <summary>Thrown by everything.</summary>
    public Exception? Fails { get; init; }

    public List<RetentionRules> Sweeps { get; } = [];

    public static CaptureOrder Order(string ns = "shop", int minutes = 0) =>
        new(CaptureIds.New(), new(ns, "web"), new(TimeSpan.FromSeconds(10), 256, 1 << 20), null, "ada", null, Noon.AddMinutes(minutes));

    public static CaptureManifest Manifest(CaptureOrder order, bool revoked = true) => new()
    {
        Plan = new(order, "pod", "uid", "node", "image", [], null, 1 << 20, TimeSpan.FromMinutes(5), "all", [], Noon),
        Evidence = new("place", "capture.pcap", 24, "00", 0, Verdict.Complete, []),
        Revocation = revoked ? RevocationProof.Of([new("q", "a", "a", true, Noon)]) : null,
    };

    public async IAsyncEnumerable<CaptureManifest> FindAsync(CaptureFilter filter, CaptureCursor? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (Fails is not null)
        {
            throw Fails;
        }

        foreach (var manifest in Manifests.OrderByDescending(manifest => manifest.Plan.Order.RequestedAt))
        {
            if (CaptureFacts.Of(manifest) is var facts && filter.Matches(facts) && after?.IsBefore(facts) != false)
            {
                yield return manifest;
            }
        }
    }

    public Task<Uri?> TryLinkAsync(string captureId, string fileName, Actor requestedBy, CancellationToken cancellationToken) =>
        Fails is null ? Task.FromResult(Link) : throw Fails;

    public List<CustodyEntry> Noted { get; } = [];

    public Task<CustodyHead> EnsureAsync(string captureId, IReadOnlyList<CustodyEntry> entries, CancellationToken cancellationToken)
    {
        Noted.AddRange(entries);
        return Fails is null ? Task.FromResult(new CustodyHead(Noted.Count, string.Empty)) : throw Fails;
    }

    public Task<Stream?> TryOpenAsync(string captureId, CancellationToken cancellationToken) => Task.FromResult<Stream?>(null);

    public List<string> Deletes { get; } = [];

    /// <summary>Where a sweep stands still until it is cancelled.</summary>
    public TaskCompletionSource? Hangs { get; init; }

    public async Task<RetentionReport> SweepAsync(RetentionRules rules, Func<string, CancellationToken, Task> deleting, CancellationToken cancellationToken)
    {
        Sweeps.Add(rules);
        foreach (var id in Deletes)
        {
            await deleting(id, cancellationToken);
        }

        if (Hangs is not null)
        {
            Hangs.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return Fails is null ? new(Deletes, [], []) : throw Fails;
    }
}
