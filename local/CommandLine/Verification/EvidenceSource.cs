using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Where <c>verify</c> takes file, manifest and log from: beside each other on this machine, or from a server.</summary>
internal static class EvidenceSource
{
    public const string ManifestSuffix = ".manifest.json";
    public const string LogSuffix = ".log.jsonl";

    /// <param name="path">A capture file as <c>capture</c> brought it, or as the folder store keeps it.</param>
    /// <param name="keys">Trusted; null where none was given.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>The report, or why there is nothing to report on.</returns>
    public static async Task<(EvidenceReport? Report, string? Problem)> CheckFileAsync(string path, CustodyPublicKeys? keys, CancellationToken cancellationToken)
    {
        path = Path.GetFullPath(path);
        if (path.EndsWith(ManifestSuffix, StringComparison.Ordinal))
        {
            path = path[..^ManifestSuffix.Length];
        }

        var folder = Path.GetDirectoryName(path)!;
        string[] manifests = [path + ManifestSuffix, Path.Combine(folder, EvidenceFiles.Manifest)];
        if (manifests.FirstOrDefault(File.Exists) is not { } manifest)
        {
            return (null, $"There is no manifest beside {path}: neither {Path.GetFileName(manifests[0])} nor {EvidenceFiles.Manifest}.");
        }

        // In the store's folder: yyyy/MM/dd/ID/capture.pcap, and log/ID.jsonl and heads four folders up.
        var store = Path.GetFullPath(Path.Combine(folder, "..", "..", "..", ".."));
        var stored = Path.Combine(store, StoreVerification.LogFolder, Path.GetFileName(folder) + ".jsonl");
        var log = new[] { path + LogSuffix, stored }.FirstOrDefault(File.Exists);
        await using var file = File.Exists(path) && path != manifest ? OriginStream.Of(File.OpenRead(path), cancellationToken) : null;
        return (await EvidenceVerification.CheckAsync(
            await File.ReadAllBytesAsync(manifest, cancellationToken),
            log is null ? (ReadOnlyMemory<byte>?)null : await File.ReadAllBytesAsync(log, cancellationToken),
            file,
            keys is null ? null : new(keys, log == stored ? StoreVerification.Heads(store) : []),
            cancellationToken), null);
    }

    /// <summary>Fetches all three into a folder of its own, which is gone at the end.</summary>
    /// <param name="api">The server.</param>
    /// <param name="id">The capture.</param>
    /// <param name="keys">Trusted; null where none was given.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    public static async Task<(EvidenceReport? Report, string? Problem)> CheckCaptureAsync(
        ICaptureApi api, string id, CustodyPublicKeys? keys, CancellationToken cancellationToken)
    {
        var manifest = await api.ManifestAsync(id, cancellationToken);
        if (manifest.Value is null)
        {
            var status = (await api.GetAsync(id, cancellationToken)).Value;
            return status is { Evidence: null } && WhyNothingIsKept(status.Status) is { } why
                ? (NothingKept(id, why, (await api.LogAsync(id, cancellationToken)).Value, keys), null)
                : (null, manifest.Problem?.Detail);
        }

        var folder = Directory.CreateTempSubdirectory("captureflow-verify-");
        try
        {
            var path = Path.Combine(folder.FullName, EvidenceFiles.Capture);
            await File.WriteAllTextAsync(path + ManifestSuffix, manifest.Value, cancellationToken);
            if ((await api.LogAsync(id, cancellationToken)).Value is { } log)
            {
                await File.WriteAllTextAsync(path + LogSuffix, log, cancellationToken);
            }

            if ((await api.GetAsync(id, cancellationToken)).Value?.Evidence is { FileName: { } name } evidence)
            {
                await using var file = File.Create(path);
                if ((await api.DownloadAsync(id, name, evidence.Bytes, file, cancellationToken)).Problem is { } problem)
                {
                    return (null, problem.Detail);
                }
            }

            return await CheckFileAsync(path, keys, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Null while it may still keep something, and when it should have.
    private static string? WhyNothingIsKept(CaptureState state) => state switch
    {
        CaptureState.Cancelled or CaptureState.NotDiscarded => "It was cancelled",
        CaptureState.Denied => "It was denied by a second person",
        CaptureState.Expired => "It was not approved in time",
        CaptureState.Refused => "It was refused",
        CaptureState.Failed => "It failed",
        CaptureState.Completed or CaptureState.RevokeUnproven => null,
        CaptureState.Planning or CaptureState.AwaitingApproval or CaptureState.Queued or CaptureState.Granting or CaptureState.Attaching or CaptureState.Capturing
            or CaptureState.Finishing or CaptureState.Retrieving or CaptureState.Storing or CaptureState.Revoking or CaptureState.Cancelling => null,
    };

    // A capture that was never granted anything has no log, and needs none.
    private static EvidenceReport NothingKept(string id, string why, string? log, CustodyPublicKeys? keys)
    {
        List<EvidenceCheck> checks = [new("evidence", true, $"{why}: nothing was kept, so there is no file to check.")];
        if (log is not null)
        {
            var reading = CustodyChain.Read(id, System.Text.Encoding.UTF8.GetBytes(log));
            checks.Add(reading.Broken is { } broken
                ? new("log", false, $"Line {broken.Line} does not hold: {broken.Why}.")
                : new("log", true, $"{reading.Entries.Count} entries, each bound to the one before."));
            checks.AddRange(AnchorChecks.Of(id, reading, keys is null ? null : new(keys, [])));
        }

        return EvidenceReport.Of(id, checks);
    }
}
