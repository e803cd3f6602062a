using System.Text.Json;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>
/// Makes a staged capture permanent. All is written and flushed where it is staged; then one rename of the folder stores file and manifest,
/// both or neither. Killed before it, nothing is stored and the next run does it all again; after it, the next run finds it stored.
/// </summary>
internal sealed class FolderCommit(FolderLayout layout, ILogger logger)
{
    public async Task<StepResult<StoredEvidence>> RunAsync(CaptureManifest manifest, CancellationToken cancellationToken)
    {
        var id = manifest.Plan.Order.CaptureId;
        if (layout.TryFind(id) is { } stored)
        {
            return await CompareAsync(stored, manifest, cancellationToken);
        }

        await using (var staged = FolderStaging.Open(layout, id))
        {
            // The lock may have been waiting for the very run that stored it.
            stored = layout.TryFind(id);
            if (stored is null)
            {
                if (await CheckStagedAsync(staged, manifest.Evidence, cancellationToken) is { } fault)
                {
                    return StepResult.Fault<StoredEvidence>(fault);
                }

                stored = layout.Stored(manifest.Plan.Order);
                if (await TryMoveAsync(staged, stored, manifest, cancellationToken) is { } evidence)
                {
                    return StepResult.Of(evidence);
                }
            }
        }

        return await CompareAsync(stored, manifest, cancellationToken);
    }

    private static async Task<CaptureFault?> CheckStagedAsync(FolderStaging staged, StoredEvidence described, CancellationToken cancellationToken)
    {
        staged.File.Position = 0;
        var (bytes, sha256) = await StreamHash.ComputeAsync(staged.File, cancellationToken);
        var same = described.FileName is null ? bytes == 0 : (bytes, sha256) == (described.Bytes, described.Sha256);
        return same ? null : new(
            FaultCodes.FileMismatch,
            $"The {bytes} staged bytes are not the {described.Bytes} that the manifest describes.",
            "Nothing is stored and what is staged is kept. Another program may be writing to the capture folder.");
    }

    /// <returns>Null when something is at the place already.</returns>
    private async Task<StoredEvidence?> TryMoveAsync(FolderStaging staged, string target, CaptureManifest manifest, CancellationToken cancellationToken)
    {
        var order = manifest.Plan.Order;
        var folder = layout.Staging(order.CaptureId);
        var evidence = manifest.Evidence with { Location = Path.Combine(target, manifest.Evidence.FileName ?? EvidenceFiles.Manifest) };
        await ManifestFile.WriteAsync(folder, manifest with { Evidence = evidence }, cancellationToken);
        if (evidence.FileName is null)
        {
            File.Delete(layout.StagedFile(order.CaptureId));
        }

        await FileSync.FileAsync(staged.File);
        FileSync.Folder(folder);
        await layout.WriteIndexAsync(order, cancellationToken);
        var day = Path.GetDirectoryName(target)!;
        OwnedFiles.EnsureFolder(layout.Root, day);
        if (Directory.Exists(target))
        {
            return null;
        }

        Directory.Move(folder, target);
        FileSync.Folder(day);
        FileSync.Folder(layout.StagingRoot);
        return evidence;
    }

    private async Task<StepResult<StoredEvidence>> CompareAsync(string stored, CaptureManifest manifest, CancellationToken cancellationToken)
    {
        var order = manifest.Plan.Order;
        var existing = await ManifestFile.TryReadAsync(stored, logger, cancellationToken);
        if (existing is null || !SamePlan(existing.Plan, manifest.Plan))
        {
            return Taken(order.CaptureId, stored);
        }

        if (existing.Evidence.FileName is { } name)
        {
            await using var file = OwnedFiles.Open(Path.Combine(stored, name), FileMode.Open, FileAccess.Read, FileShare.Read);
            if (await StreamHash.ComputeAsync(file, cancellationToken) != (existing.Evidence.Bytes, existing.Evidence.Sha256))
            {
                return StepResult.Fault<StoredEvidence>(new CaptureFault(
                    FaultCodes.FileMismatch,
                    "The stored file is not the one that its manifest describes.",
                    $"It was changed after it was stored, or the disk fails. See {stored}."));
            }
        }

        if ((existing.Evidence.Bytes, existing.Evidence.Sha256) != (manifest.Evidence.Bytes, manifest.Evidence.Sha256))
        {
            return Taken(order.CaptureId, stored);
        }

        if (Directory.Exists(layout.Staging(order.CaptureId)))
        {
            Log.LeftoverDiscarded(logger, order.CaptureId);
            Directory.Delete(layout.Staging(order.CaptureId), recursive: true);
        }

        return StepResult.Of(existing.Evidence);
    }

    private static StepResult<StoredEvidence> Taken(string captureId, string stored) => StepResult.Fault<StoredEvidence>(new CaptureFault(
        FaultCodes.NameTaken,
        $"Another capture is stored as {captureId}.",
        $"Nothing was replaced. See {stored}; take this capture under a new id."));

    /// <summary>Records compare their lists by reference; their JSON compares what is in them.</summary>
    private static bool SamePlan(CapturePlan one, CapturePlan other) =>
        JsonSerializer.Serialize(one, CaptureJson.Options) == JsonSerializer.Serialize(other, CaptureJson.Options);
}
