namespace CaptureFlow.Local.CommandLine;

/// <summary>One capture on one server: ordered, followed, delivered. Ends the server in good order where it is this process's own.</summary>
internal sealed class CaptureSession(CaptureServer server, ICaptureView view, TimeProvider time)
{
    private static readonly TimeSpan PollOwn = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PollOther = TimeSpan.FromSeconds(1);

    /// <param name="request">What to capture.</param>
    /// <param name="paths">Where the files go.</param>
    /// <param name="interrupts">Ctrl-C.</param>
    public async Task<CaptureResult> RunAsync(CaptureRequest request, EvidencePaths paths, Interrupts interrupts)
    {
        CaptureFollower follower = new(server.Api, view, time, server.StateFolder is null ? PollOther : PollOwn);
        await server.NoteOrderAsync();
        var outcome = await view.WhileAsync(() => follower.RunAsync(request, interrupts));
        if (outcome.Abandoned)
        {
            var given = CaptureResult.Of(outcome);
            return server.StateFolder is null
                ? given
                : given with { Notes = [.. given.Notes, "To end it, and revoke: captureflow audit --take-back. The next capture on this machine does so, too."] };
        }

        var result = KeepLog(await DeliverAsync(server, outcome, paths, interrupts.Now), paths);
        await EndAsync(server, result);
        return result;
    }

    /// <summary>Brings the files of a capture that has ended, and says how to have those that could not be brought.</summary>
    public static async Task<CaptureResult> DeliverAsync(CaptureServer server, CaptureOutcome outcome, EvidencePaths paths, CancellationToken cancellationToken)
    {
        var result = CaptureResult.Of(outcome);
        if (outcome is not { Status: { } status, CaptureId: { } id })
        {
            return result;
        }

        result = status.Members is { } members
            ? await FleetDelivery.DeliverAsync(server.Api, result, status, members, paths, cancellationToken)
            : await EvidenceDelivery.DeliverAsync(server.Api, result, status.Evidence, paths.OfOne(id), cancellationToken);
        return result.IsUndelivered
            ? result with { Notes = [.. result.Notes, $"To bring it: captureflow download {id} -o FOLDER/{(server.Elsewhere is { } url ? $" --server {url}" : string.Empty)}"] }
            : result;
    }

    /// <summary>Ends a host of this process, with its folder unless that holds the only copy of a file.</summary>
    public static Task EndAsync(CaptureServer server, CaptureResult result) =>
        result is { IsUndelivered: true, Id: { } id } ? server.KeepAsync([id]) : server.StopAndForgetAsync();

    /// <summary>The host's log goes with its state folder, but not where it may say why something failed.</summary>
    private CaptureResult KeepLog(CaptureResult result, EvidencePaths paths)
    {
        if (server.LogPath is not { } log || result is not { ExitCode: ExitCodes.Failed or ExitCodes.RevokeUnproven, Id: { } id })
        {
            return result;
        }

        var path = (result.Members is null ? paths.OfOne(id) : paths.OfMember("fleet", id)) + ".host.log";
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.Copy(log, path, overwrite: true);
        return result with { Notes = [.. result.Notes, $"The host's log: {path}", .. Unproven(result)] };
    }

    private static IEnumerable<string> Unproven(CaptureResult result)
    {
        if (result.ExitCode == ExitCodes.RevokeUnproven)
        {
            yield return "No host keeps running after this command. One that does (captureflow serve) takes back what is past its expiry.";
        }
    }
}
