using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>
/// Ends what commands on this machine left when they were killed: a host goes on with each one's state folder, ends its captures, and waits for the proof that
/// their rights are gone. A file that is stored on the way stays, and <c>download</c> brings it.
/// </summary>
/// <param name="say">Takes a sentence for each capture.</param>
/// <param name="time">The clock.</param>
internal sealed class LeftRuns(Action<string> say, TimeProvider time)
{
    /// <summary>How long one run may take: its tap has to end, and its file to be fetched.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <summary>Says what was left, and changes nothing.</summary>
    public void Mention()
    {
        foreach (var (_, note) in RunFolders.Left())
        {
            say($"A command that ordered a capture at {note.OrderedAt:yyyy-MM-dd HH:mm:ss}Z ended without taking its rights back. The next capture does that, or: captureflow audit --take-back");
        }
    }

    /// <param name="cancellationToken">Stops the waiting; what is not proven then stays as it was found.</param>
    public async Task TakeBackAsync(CancellationToken cancellationToken)
    {
        foreach (var (folder, note) in RunFolders.Left())
        {
            say($"A command that ordered a capture at {note.OrderedAt:yyyy-MM-dd HH:mm:ss}Z ended without taking its rights back; doing that now.");
            try
            {
                await TakeBackAsync(folder, note, cancellationToken);
            }
            catch (HostRefusedException e)
            {
                say($"Its rights could not be taken back: {e.Problem} {e.Remedy} Its state is in {folder}.");
            }
        }
    }

    private async Task TakeBackAsync(string folder, RunNote note, CancellationToken cancellationToken)
    {
        await using var server = await CaptureServer.ResumeAsync(folder, note, time, cancellationToken);
        var (captures, problem) = await server.Api.ListAsync(cancellationToken);
        if (captures is null)
        {
            say($"Its rights could not be taken back: {problem!.Detail} Its state is in {folder}.");
            return;
        }

        using CancellationTokenSource cap = new(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        List<string> kept = [];
        var allProven = true;
        foreach (var id in captures.Items.Select(item => item.Id))
        {
            var status = await EndAsync(server.Api, id, either.Token);
            var isProven = status is { Ended: true } && ExitCodes.Of(status.Status, status.Verdict, status.Revocation?.Proven ?? status.Members is not null) != ExitCodes.RevokeUnproven;
            allProven &= isProven;
            if (isProven && HasFile(status!))
            {
                kept.Add(id);
            }

            say(!isProven ? $"{id}: its rights are not proven gone yet. The next capture tries again, or: captureflow audit --take-back"
                : HasFile(status!) ? $"{id}: its rights are proven gone. Its file is kept: captureflow download {id}"
                : $"{id}: its rights are proven gone. Nothing was stored.");
        }

        if (allProven && kept.Count > 0)
        {
            await server.KeepAsync(kept);
        }
        else if (allProven)
        {
            await server.StopAndForgetAsync();
        }
    }

    private static bool HasFile(CaptureStatus status) => status.Evidence?.FileName is not null || (status.Members ?? []).Any(member => member.Verdict is not null);

    /// <returns>The last that was seen of it; null when nothing was.</returns>
    private async Task<CaptureStatus?> EndAsync(ICaptureApi api, string id, CancellationToken cancellationToken)
    {
        CaptureStatus? status = null;
        var asked = false;
        try
        {
            while (true)
            {
                status = (await api.GetAsync(id, cancellationToken)).Value ?? status;
                if (status is { Ended: true })
                {
                    return status;
                }

                // Before the window there is nothing worth keeping; from then on there may be.
                asked = asked || (status is not null && (HasBegun(status.Status) ? await api.StopAsync(id, cancellationToken) : await api.CancelAsync(id, cancellationToken)) is null);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return status;
        }
    }

    private static bool HasBegun(CaptureState state) => state switch
    {
        CaptureState.Planning or CaptureState.AwaitingApproval or CaptureState.Queued or CaptureState.Granting or CaptureState.Attaching => false,
        CaptureState.Capturing or CaptureState.Finishing or CaptureState.Retrieving or CaptureState.Storing or CaptureState.Revoking or CaptureState.Cancelling => true,
        CaptureState.Completed or CaptureState.Refused or CaptureState.Denied or CaptureState.Expired or CaptureState.Cancelled or CaptureState.Failed
            or CaptureState.RevokeUnproven or CaptureState.NotDiscarded => true,
    };
}
