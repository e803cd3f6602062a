using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>The store step: walks the file, decides what it is worth, and makes file and manifest permanent together.</summary>
public sealed class EvidenceRecorder(ICaptureStore store, ICustodyLog log, TimeProvider time, ILogger<EvidenceRecorder> logger)
{
    /// <summary>May be repeated: a capture that is stored already is read back and compared. Where no byte was staged, the manifest alone is stored.</summary>
    /// <returns>The evidence, or the faults of a store that refused; what is staged stays then.</returns>
    /// <exception cref="StepUnavailableException">Another run is at it, or the store is away.</exception>
    public async Task<StepResult<StoredEvidence>> RecordAsync(StoreRequest request, CancellationToken cancellationToken)
    {
        var id = request.Plan.Order.CaptureId;
        try
        {
            var manifest = await DescribeAsync(id, request, cancellationToken);
            var result = await store.EnsureStoredAsync(manifest, cancellationToken);
            if (result.Value is { } stored)
            {
                await log.EnsureAsync(id, [CustodyNotes.Stored(stored, time.GetUtcNow())], cancellationToken);
                Log.Recorded(logger, id, stored.Verdict.ToString(), stored.Packets, stored.Bytes, stored.Location);
            }

            foreach (var fault in result.Faults)
            {
                Log.NotStored(logger, id, fault.Code, fault.Message);
            }

            return result;
        }
        catch (StoreRefusedException refusal)
        {
            Log.NotStored(logger, id, refusal.Fault.Code, refusal.Fault.Message);
            return StepResult.Fault<StoredEvidence>(refusal.Fault);
        }
    }

    private async Task<CaptureManifest> DescribeAsync(string id, StoreRequest request, CancellationToken cancellationToken)
    {
        PcapWalk? walk = null;
        string? sha256 = null;
        if (await OpenAsync(id, cancellationToken) is { } file)
        {
            await using var hashing = new HashingStream(file);
            walk = await PcapWalker.WalkAsync(hashing, cancellationToken, id);
            sha256 = hashing.Sha256;
        }

        var custody = await log.EnsureAsync(id, Notes(request), cancellationToken);
        var decision = VerdictRules.Decide(new(request.Plan, request.Tapped, request.Retrieved, walk, sha256, request.Faults));
        return new()
        {
            Plan = request.Plan,
            Grant = request.Grant,
            Tap = request.Tap,
            Tapped = request.Tapped,
            Walked = walk?.Summary,
            Faults = request.Faults,
            Timeline = request.Timeline,
            Custody = custody,
            Evidence = new(
                Location: string.Empty,
                walk is null ? null : EvidenceFiles.Capture,
                walk?.Bytes ?? 0,
                sha256 ?? string.Empty,
                walk?.Summary?.Packets ?? 0,
                decision.Verdict,
                decision.Reasons,
                walk?.Summary?.CanaryPackets ?? 0),
        };
    }

    /// <summary>All that led here. Most of it was noted when it happened; what a store that was away then did not take is made up for.</summary>
    private List<CustodyEntry> Notes(StoreRequest request)
    {
        var now = time.GetUtcNow();
        List<CustodyEntry> notes = [.. CustodyNotes.Ordered(request.Plan), CustodyNotes.Granted(request.Grant), CustodyNotes.Attached(request.Tap)];
        if (request.Tapped is { } tapped)
        {
            notes.Add(CustodyNotes.Stopped(tapped, now));
        }

        if (request.Retrieved is { } file)
        {
            notes.Add(CustodyNotes.Fetched(file, now));
        }

        return notes;
    }

    /// <summary>The stored file where an earlier run got so far, else the staged one.</summary>
    private async Task<Stream?> OpenAsync(string id, CancellationToken cancellationToken) =>
        await store.TryReadManifestAsync(id, cancellationToken) is null
            ? await store.TryReadStagedAsync(id, cancellationToken)
            : await store.TryOpenFileAsync(id, EvidenceFiles.Capture, cancellationToken);
}
