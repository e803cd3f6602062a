namespace CaptureFlow.Local.CommandLine;

/// <summary>Follows a capture that somebody ordered to its end. To stop watching changes nothing about it.</summary>
internal sealed class CaptureWatcher(ICaptureApi api, ICaptureView view, TimeProvider time, TimeSpan pollInterval)
{
    /// <summary>What a capture may take once nobody is waited for; see <see cref="CaptureFollower"/>.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    /// <returns>With <see cref="CaptureOutcome.Abandoned"/> where it was still going on; without a status, nothing was heard of it.</returns>
    public async Task<CaptureOutcome> RunAsync(string id, CancellationToken end)
    {
        var heard = time.GetUtcNow();
        var deadline = heard + Longest;
        CaptureStatus? status = null;
        while (true)
        {
            var (seen, problem) = await api.GetAsync(id, CancellationToken.None);
            var now = time.GetUtcNow();
            if (seen is not null)
            {
                (status, heard) = (seen, now);
                deadline = seen.Waits ? now + Longest : deadline;
                view.Show(seen);
                if (seen.Ended)
                {
                    return new(id, seen, null, Abandoned: false);
                }
            }
            else if (status is null || problem is { Passing: false } || now > heard + CaptureFollower.SilencePatience)
            {
                return new(id, status, problem, Abandoned: true);
            }

            if (end.IsCancellationRequested || now > deadline)
            {
                return new(id, status, null, Abandoned: true);
            }

            await PauseAsync(end);
        }
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
