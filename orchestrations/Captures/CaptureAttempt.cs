namespace CaptureFlow.Orchestrations;

/// <summary>
/// What happens between grant and revoke: attach, window, finish, retrieve, store. Goes as far as it can; each part that failed is a fault of
/// the run, and what was fetched before it is still stored. A cancel ends it at the next await.
/// </summary>
internal sealed class CaptureAttempt(CaptureRun run, CapturePlan plan)
{
    /// <summary>
    /// A 1-hour window has at most 60 observations, which keeps its history below 400 events; a short one is observed every 2 s.
    /// </summary>
    private const int MostObservations = 60;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(2);

    /// <summary>One retrieval activity runs for minutes; a file at the ceiling of 8 GiB over a slow link takes several.</summary>
    private const int RetrievalRounds = 40;

    public Tap? Tap { get; private set; }

    public TapSummary? Tapped { get; private set; }

    public StoredEvidence? Evidence { get; private set; }

    /// <summary>Why the cluster's admission let no tap in; null when it did, or was never asked.</summary>
    public CaptureFault? AdmissionRefusal { get; private set; }

    public async Task RunAsync(Grant grant)
    {
        // Not raced against cancel: a container that starts after the revoke could no longer be released.
        var attached = await run.StepAsync<Tap>(CaptureSteps.AttachContainer, CaptureState.Attaching, new GrantedStep(plan, grant));
        run.TellFleet(attached.Value?.ListeningAt);
        AdmissionRefusal = attached.Faults.FirstOrDefault(fault => fault.Code == FaultCodes.AdmissionRefused);
        if (!attached.Succeeded || run.CancelAsked)
        {
            return;
        }

        Tap = attached.Value;
        var stopNow = await WindowAsync(grant, attached.Value);
        if (run.CancelAsked)
        {
            return;
        }

        var finished = await run.StepUnlessCancelledAsync<TapSummary>(
            CaptureSteps.FinishCapture, CaptureState.Finishing, new FinishRequest(plan, grant, stopNow));
        Tapped = finished?.Value;
        var retrieved = finished is null ? null : await RetrieveAsync(grant, finished.Faults is [var why, ..] ? why.Detail ?? why.Message : null);
        if (!run.CancelAsked)
        {
            var stored = await run.StepAsync<StoredEvidence>(
                CaptureSteps.StoreCapture,
                CaptureState.Storing,
                new StoreRequest(plan, grant, attached.Value, Tapped, retrieved, run.Faults, run.Timeline));
            Evidence = stored.Value;
        }
    }

    /// <summary>Waits for the window's end, for an event, or until the tap is seen to have ended.</summary>
    /// <returns>True when the tap is to be stopped before its time.</returns>
    private async Task<bool> WindowAsync(Grant grant, Tap tap)
    {
        var longest = plan.Order.LongestWindow;
        var now = run.Now;
        // The activity's host and this one may have clocks apart: the window is never longer than asked from here, nor over before now.
        var end = (tap.ListeningAt + longest).UtcDateTime;
        end = end < now ? now : end > now + longest ? now + longest : end;
        var interval = longest / MostObservations > ShortestInterval ? longest / MostObservations : ShortestInterval;
        var shared = run.WindowOpened;

        run.Begin(CaptureSteps.CaptureWindow, CaptureState.Capturing);
        run.PublishWindow(tap.ListeningAt, end);
        var (ended, endedEarly) = (end <= now, false);
        while (!ended)
        {
            var next = run.Now + interval < end ? run.Now + interval : end;
            var woken = await run.WaitOrEventAsync(next, shared is null ? [] : [shared]);
            endedEarly = run.EndAsked;
            if (!endedEarly && shared is { IsCompleted: true })
            {
                // The last of the fleet listens: from here on the window is the same for all.
                end = Earlier(end, (await shared).Until.UtcDateTime);
                shared = null;
                run.PublishWindow(tap.ListeningAt, end);
            }
            else
            {
                ended = endedEarly || (!woken && next == end) || await ObserveAsync(grant);
            }
        }

        run.End([]);
        return endedEarly || run.Stop.IsCompleted || (plan.Order.Fleet is not null && shared is null);
    }

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;

    private async Task<bool> ObserveAsync(Grant grant)
    {
        var look = run.CallAsync<TapObservation>(CaptureSteps.ObserveCapture, new GrantedStep(plan, grant));
        await Task.WhenAny(look, run.Stop, run.Cancel);
        if (!look.IsCompleted)
        {
            return false;
        }

        var seen = await look;
        if (seen.Value is not { } observation)
        {
            // A look that failed says nothing about the tap, which bounds itself; a pod or tap that is gone, or another by now, has no window any more.
            return seen.Faults.Any(fault => fault.Code is FaultCodes.PodGone or FaultCodes.TapGone or FaultCodes.TargetChanged);
        }

        run.PublishBytes(observation.Bytes);
        return observation.Ended;
    }

    private async Task<RetrievedFile?> RetrieveAsync(Grant grant, string? unread)
    {
        RetrievedFile? file = null;
        for (var round = 0; round < RetrievalRounds; round++)
        {
            var result = await run.StepUnlessCancelledAsync<RetrievedFile>(
                CaptureSteps.RetrieveCapture, CaptureState.Retrieving, new RetrieveRequest(plan, grant, Tapped) { Unread = Tapped is null ? unread : null });
            var before = file?.Bytes ?? 0;
            file = result?.Value ?? file;
            if (result is null || result.Faults.Count > 0 || file is null || file.Complete || (round > 0 && file.Bytes <= before))
            {
                break;
            }

            run.PublishBytes(file.Bytes);
        }

        return file;
    }
}
