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
        var outcome = await view.WhileAsync(() => follower.RunAsync(request, interrupts));
        var result = CaptureResult.Of(outcome);
        if (outcome.Abandoned)
        {
            return server.StateFolder is { } state
                ? result with { Notes = [.. result.Notes, $"To go on with it, and revoke: captureflow serve --state '{state}'"] }
                : result;
        }

        if (outcome is { Status: { Members: { } members } fleet, CaptureId: { } fleetId })
        {
            result = await FleetDelivery.DeliverAsync(server.Api, result, fleet, members, paths, interrupts.Now);
            result = KeepLog(result, paths.OfMember("fleet", fleetId) + ".host.log");
        }
        else if (outcome is { Status: { } status, CaptureId: { } id })
        {
            result = await EvidenceDelivery.DeliverAsync(server.Api, result, status.Evidence, paths.OfOne(id), interrupts.Now);
            result = KeepLog(result, paths.OfOne(id) + ".host.log");
        }

        await server.StopAndForgetAsync();
        return result;
    }

    /// <summary>The host's log goes with its state folder, but not where it may say why something failed.</summary>
    private CaptureResult KeepLog(CaptureResult result, string path)
    {
        if (server.LogPath is not { } log || result.ExitCode is not (ExitCodes.Failed or ExitCodes.RevokeUnproven))
        {
            return result;
        }

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
