using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>
/// Notes what a step did, at once where the store takes it. A store that is away does not fail a step that is done: rights and packets come first,
/// and storing the evidence makes up for the entry or fails.
/// </summary>
public sealed class CustodyKeeper(ICustodyLog log, ICaptureStore store, TimeProvider time, ILogger<CustodyKeeper> logger)
{
    /// <summary>Never throws for what the store does.</summary>
    public Task NoteAsync(string captureId, CancellationToken cancellationToken, params IReadOnlyList<CustodyEntry> entries) =>
        NoteAsync(captureId, entries[^1].Event, () => Task.FromResult(entries), cancellationToken);

    /// <summary>The proof, with the hash of the manifest that has it: from here on, neither can be changed without the other.</summary>
    public Task NoteRevokedAsync(CapturePlan plan, RevocationProof proof, CancellationToken cancellationToken)
    {
        var id = plan.Order.CaptureId;
        return NoteAsync(id, CustodyEvents.Revoked, async () => [.. CustodyNotes.Ordered(plan), CustodyNotes.Revoked(proof, await ManifestAsync(id, cancellationToken), time.GetUtcNow())], cancellationToken);
    }

    private async Task<string?> ManifestAsync(string captureId, CancellationToken cancellationToken)
    {
        if (await store.TryOpenFileAsync(captureId, EvidenceFiles.Manifest, cancellationToken) is not { } manifest)
        {
            return null;
        }

        await using (manifest)
        {
            return (await StreamHash.ComputeAsync(manifest, cancellationToken)).Sha256;
        }
    }

    private async Task NoteAsync(string captureId, string what, Func<Task<IReadOnlyList<CustodyEntry>>> entries, CancellationToken cancellationToken)
    {
        try
        {
            await log.EnsureAsync(captureId, await entries(), cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            Log.NotNoted(logger, captureId, what, $"{refusal.Fault.Code} {refusal.Fault.Detail}");
        }
        catch (StepUnavailableException away)
        {
            Log.NotNoted(logger, captureId, what, away.Message);
        }
    }
}
