using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// The state of one run of <see cref="CaptureOrchestrator"/>: calls the steps, keeps their timeline, publishes progress, and holds the two
/// events. Touches nothing but the orchestration context.
/// </summary>
internal sealed class CaptureRun : IGateView
{
    private readonly TaskOrchestrationContext _context;
    private readonly List<StepRecord> _timeline = [];
    private readonly List<CaptureFault> _faults = [];
    private CaptureProgress _progress;

    public CaptureRun(TaskOrchestrationContext context, CaptureOrder order)
    {
        _context = context;
        Order = order;
        Stop = context.WaitForExternalEvent<EndRequest>(CaptureEvents.Stop);
        Cancel = context.WaitForExternalEvent<EndRequest>(CaptureEvents.Cancel);
        WindowOpened = order.Fleet is null ? null : context.WaitForExternalEvent<SharedWindow>(CaptureEvents.WindowOpened);
        _progress = new CaptureProgress(CaptureState.Planning, []);
        Gate = new Gate(context, this, Stop, Cancel);
    }

    public CaptureOrder Order { get; }

    /// <summary>Between plan and grant.</summary>
    public Gate Gate { get; }

    public Task<EndRequest> Stop { get; }

    public Task<EndRequest> Cancel { get; }

    /// <summary>The fleet's word on the shared window; null outside a fleet.</summary>
    public Task<SharedWindow>? WindowOpened { get; }

    public bool CancelAsked => Cancel.IsCompleted;

    public bool EndAsked => Stop.IsCompleted || CancelAsked;

    public IReadOnlyList<StepRecord> Timeline => [.. _timeline];

    public IReadOnlyList<CaptureFault> Faults => [.. _faults];

    /// <summary>Runs a step to its end. Whatever happens is in the result: a step never throws into the orchestrator.</summary>
    public async Task<StepResult<T>> StepAsync<T>(string step, CaptureState state, object input)
        where T : class
    {
        Begin(step, state);
        var result = await CallAsync<T>(step, input);
        End(result.Faults);
        return result;
    }

    /// <summary>As <see cref="StepAsync"/>, but a cancel ends the wait; the abandoned activity bounds itself. Null when cancelled.</summary>
    public async Task<StepResult<T>?> StepUnlessCancelledAsync<T>(string step, CaptureState state, object input)
        where T : class
    {
        Begin(step, state);
        var call = CallAsync<T>(step, input);
        await Task.WhenAny(call, Cancel);
        if (!call.IsCompleted)
        {
            End([]);
            return null;
        }

        var result = await call;
        End(result.Faults);
        return result;
    }

    /// <summary>An activity call whose exceptions have become faults.</summary>
    /// <param name="step">Its name.</param>
    /// <param name="input">Its input.</param>
    /// <param name="failed">Told of each attempt that threw, where the step says so (<see cref="StepRetries"/>).</param>
    public async Task<StepResult<T>> CallAsync<T>(string step, object input, Action<TaskFailureDetails>? failed = null)
        where T : class
    {
        try
        {
            return await _context.CallActivityAsync<StepResult<T>?>(step, input, StepRetries.For(step, failed)) ?? StepResult.Fault<T>(StepFailures.NoResult(step));
        }
        catch (TaskFailedException failure)
        {
            return StepResult.Fault<T>(StepFailures.Translate(step, failure.FailureDetails));
        }
        catch (Exception e) when (StepFailures.IsOfReading(e))
        {
            return StepResult.Fault<T>(StepFailures.Unreadable(step, e));
        }
    }

    /// <summary>Waits for a time, or for one of the events that end a window, or for <paramref name="also"/>, whichever is first.</summary>
    /// <returns>True when the time did not come first.</returns>
    public async Task<bool> WaitOrEventAsync(DateTime until, params Task[] also)
    {
        using var losing = new CancellationTokenSource();
        var timer = _context.CreateTimer(until, losing.Token);
        var winner = await Task.WhenAny([timer, Stop, Cancel, .. also]);
        if (winner == timer)
        {
            return false;
        }

        // An open timer would hold the instance in Running until it fires. CancelAsync would leave the orchestrator's thread.
#pragma warning disable CA1849
        losing.Cancel();
#pragma warning restore CA1849
        return true;
    }

    /// <summary>Tells the fleet, when this capture is of one, that its tap listens or never will.</summary>
    public void TellFleet(DateTimeOffset? listeningAt)
    {
        if (Order.Fleet is { } fleet)
        {
            _context.SendEvent(fleet.FleetId, CaptureEvents.Listening, new ListeningNotice(Order.CaptureId, listeningAt));
        }
    }

    public Task PauseAsync(TimeSpan time) => _context.CreateTimer(time, CancellationToken.None);

    public DateTime Now => _context.CurrentUtcDateTime;

    public void Begin(string step, CaptureState state)
    {
        _timeline.Add(new StepRecord(step, Now));
        var queue = state == CaptureState.Queued ? _progress.Queue : null;
        Publish(_progress with { Queue = queue, State = CancelAsked && state < CaptureState.Cancelling ? CaptureState.Cancelling : state });
    }

    public void End(IReadOnlyList<CaptureFault> faults)
    {
        _timeline[^1] = _timeline[^1] with { EndedAt = Now, Fault = faults.Count > 0 ? faults[0].Code : null };
        _faults.AddRange(faults);
    }

    /// <summary>One more, of no step.</summary>
    public void Add(CaptureFault fault) => _faults.Add(fault);

    /// <summary>One that has been got round: the timeline keeps its code, the evidence is none the worse for it.</summary>
    public void TakeBack(CaptureFault fault) => _faults.RemoveAll(it => it == fault);

    public void PublishWindow(DateTimeOffset startedAt, DateTimeOffset endsAt) => Publish(_progress with { WindowStartedAt = startedAt, WindowEndsAt = endsAt });

    public void PublishBytes(long bytes) => Publish(_progress with { Bytes = bytes });

    /// <summary>Shown from the next step on.</summary>
    public void Planned(CapturePlan plan) => _progress = _progress with { Plan = PlanInShort.Of(plan) };

    public void Show(ApprovalState approval) => Publish(_progress with { Approval = approval });

    public void Show(QueuePlace place) => Publish(_progress with { Queue = place });

    /// <summary>Shows that a try to revoke has failed, and since when they do.</summary>
    public void ShowUnproven(CaptureFault fault) => Publish(_progress with
    {
        RevokeUnproven = new(_progress.RevokeUnproven?.Since ?? Now, (_progress.RevokeUnproven?.Tries ?? 0) + 1, fault),
    });

    /// <summary>From the next step on, nothing is said of earlier tries.</summary>
    public void Proven() => _progress = _progress with { RevokeUnproven = null };

    private void Publish(CaptureProgress progress)
    {
        _progress = progress with { Timeline = Timeline };
        _context.SetCustomStatus(_progress.Bounded());
    }
}
