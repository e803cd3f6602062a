using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>
/// Deletes captures of the folder that are past their time, and what was staged and given up. A file named <see cref="HoldFile"/> in a capture's
/// folder holds it.
/// </summary>
internal sealed class FolderRetention(IOptions<FolderStoreOptions> options, ILogger<FolderStore> logger) : ICaptureRetention
{
    public const string HoldFile = "legal-hold";

    private readonly FolderLayout _layout = new(options.Value.Folder);

    public async Task<RetentionReport> SweepAsync(RetentionRules rules, Func<string, CancellationToken, Task> deleting, CancellationToken cancellationToken)
    {
        try
        {
            List<string> deleted = [], held = [];
            if (rules.Shortest is { } shortest)
            {
                var youngest = DateOnly.FromDateTime((rules.Now - shortest).UtcDateTime);
                foreach (var day in _layout.Days().Where(folder => FolderLayout.TryDay(folder) <= youngest).ToList())
                {
                    await SweepDayAsync(day, rules, deleting, deleted, held, cancellationToken);
                }
            }

            return new(deleted, held, DropGivenUp(rules, cancellationToken), DropLogs(rules));
        }
        catch (Exception refusal) when (FolderRefusals.IsOurs(refusal))
        {
            throw FolderRefusals.Translate(refusal, _layout.Root);
        }
    }

    private async Task SweepDayAsync(
        string day, RetentionRules rules, Func<string, CancellationToken, Task> deleting, List<string> deleted, List<string> held, CancellationToken cancellationToken)
    {
        foreach (var folder in Directory.GetDirectories(day).Where(path => CaptureIds.IsValid(Path.GetFileName(path))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await ManifestFile.TryReadAsync(folder, logger, cancellationToken) is not { } manifest
                || !rules.IsOver(manifest.Evidence.Verdict, manifest.Plan.Order.RequestedAt))
            {
                continue;
            }

            var id = Path.GetFileName(folder);
            if (File.Exists(Path.Combine(folder, HoldFile)))
            {
                held.Add(id);
                continue;
            }

            await deleting(id, cancellationToken);
            Delete(folder, id);
            deleted.Add(id);
        }

        if (!Directory.EnumerateFileSystemEntries(day).Any())
        {
            Directory.Delete(day);
        }
    }

    /// <summary>One rename takes it out of the store; what is left of it when the process ends there is dropped as given up.</summary>
    private void Delete(string folder, string id)
    {
        var staging = _layout.Staging(id);
        OwnedFiles.EnsureFolder(_layout.Root, _layout.StagingRoot);
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }

        Directory.Move(folder, staging);
        Directory.Delete(staging, recursive: true);
        File.Delete(Path.Combine(_layout.IndexRoot, id));
    }

    private List<string> DropGivenUp(RetentionRules rules, CancellationToken cancellationToken)
    {
        List<string> givenUp = [];
        foreach (var staging in Directory.Exists(_layout.StagingRoot) ? Directory.GetDirectories(_layout.StagingRoot) : [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            var id = Path.GetFileName(staging);
            if (!CaptureIds.IsValid(id) || !rules.IsGivenUp(LastWritten(staging)) || InUse(id))
            {
                continue;
            }

            Directory.Delete(staging, recursive: true);
            givenUp.Add(id);
        }

        return givenUp;
    }

    private int DropLogs(RetentionRules rules)
    {
        var over = Directory.Exists(_layout.LogRoot)
            ? Directory.GetFiles(_layout.LogRoot, "*" + FolderLayout.LogSuffix)
                // A log lives as long as what it tells of: verification would call evidence without one forged.
                .Where(log => rules.IsLogOver(File.GetLastWriteTimeUtc(log)) && _layout.TryFind(Path.GetFileNameWithoutExtension(log)) is null)
                .ToList()
            : [];
        over.ForEach(File.Delete);
        return over.Count;
    }

    private bool InUse(string captureId)
    {
        try
        {
            OwnedFiles.Open(_layout.StagedFile(captureId), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static DateTimeOffset LastWritten(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Select(File.GetLastWriteTimeUtc).Append(Directory.GetLastWriteTimeUtc(folder)).Max();
}
