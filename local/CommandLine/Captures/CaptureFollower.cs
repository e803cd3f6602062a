using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>What became of a capture that the command line asked for.</summary>
/// <param name="CaptureId">Null when the order was not accepted.</param>
/// <param name="Status">The last that was seen of it; null when nothing was.</param>
/// <param name="Problem">Why there is no ended status.</param>
/// <param name="Abandoned">True when it was still going on when the command line stopped waiting.</param>
internal sealed record CaptureOutcome(string? CaptureId, CaptureStatus? Status, ApiProblem? Problem, bool Abandoned)
{
    public int ExitCode => this switch
    {
        { Status: { Ended: true, Members: { Count: > 0 }, Status: CaptureState.Completed } } => ExitCodes.Complete,
        { Status: { Ended: true } status } => ExitCodes.Of(status.Status, status.Verdict ?? status.Evidence?.Verdict, status.Revocation?.Proven ?? false),
        { CaptureId: null, Problem: { Passing: false } } => ExitCodes.Refused,
        { CaptureId: null } => ExitCodes.HostUnavailable,
        _ => ExitCodes.RevokeUnproven,
    };
}

/// <summary>
/// Orders one capture and follows it to its end. The first interrupt cancels it and waits until its rights are taken back; a second one, or
/// <see cref="RevokePatience"/>, stops the waiting.
/// </summary>
internal sealed class CaptureFollower(ICaptureApi api, ICaptureView view, TimeProvider time, TimeSpan pollInterval)
{
    /// <summary>How long a cancelled capture may take to revoke before the command line stops waiting.</summary>
    public static readonly TimeSpan RevokePatience = TimeSpan.FromSeconds(60);

    /// <summary>How long the server may be silent before the command line stops waiting.</summary>
    public static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(60);

    /// <summary>What a capture may take beyond its window: image pull, retrieval of the largest file, retries.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    public async Task<CaptureOutcome> RunAsync(CaptureRequest request, Interrupts interrupts)
    {
        // Not cut short by an interrupt: an order whose answer was not read could not be cancelled.
        var ordered = await api.OrderAsync(request, CancellationToken.None);
        if (ordered.Value is not { } accepted)
        {
            return new(null, null, ordered.Problem, Abandoned: false);
        }

        view.Show(accepted);
        return await FollowAsync(accepted, interrupts);
    }

    private async Task<CaptureOutcome> FollowAsync(CaptureStatus status, Interrupts interrupts)
    {
        var deadline = time.GetUtcNow() + Longest;
        var heard = time.GetUtcNow();
        var (asked, accepted) = (false, false);
        ApiProblem? problem = null;
        while (!status.Ended)
        {
            if (interrupts.End.IsCancellationRequested && !asked)
            {
                asked = true;
                deadline = time.GetUtcNow() + RevokePatience;
                view.Say("Cancelling; the rights are being taken back. Press Ctrl-C again to stop waiting.");
            }

            // Repeated until the server has heard it.
            accepted = accepted || (asked && await api.CancelAsync(status.Id, CancellationToken.None) is null);
            await PauseAsync(asked ? interrupts.Now : interrupts.End);
            var now = time.GetUtcNow();
            if (interrupts.Now.IsCancellationRequested || now > deadline || now > heard + SilencePatience)
            {
                return new(status.Id, status, problem, Abandoned: true);
            }

            (var seen, problem) = await api.GetAsync(status.Id, CancellationToken.None);
            if (seen is not null)
            {
                heard = now;
                status = seen;

                // A wait for other people, or in line, has its own deadline.
                deadline = seen.Waits && !asked ? now + Longest : deadline;
                view.Show(status);
            }
            else if (problem is { Passing: false })
            {
                return new(status.Id, status, problem, Abandoned: true);
            }
        }

        return new(status.Id, status, null, Abandoned: false);
    }

    private async Task PauseAsync(CancellationToken wake)
    {
        try
        {
            await Task.Delay(pollInterval, time, wake);
        }
        catch (OperationCanceledException)
        {
            // Woken early.
        }
    }
}
