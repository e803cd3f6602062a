using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// The state of one run of <see cref="FleetOrchestrator"/>: starts the captures, opens the shared window once the last of them listens (or
/// has failed, or is too late), and passes the events on. Touches nothing but the orchestration context.
/// </summary>
internal sealed class FleetRun : IGateView
{
    private readonly TaskOrchestrationContext _context;
    private FleetOrder _order;
    private readonly Task<EndRequest> _stop;
    private readonly Task<EndRequest> _cancel;
    private readonly Dictionary<string, ListeningNotice> _heard = [];
    private FleetProgress _progress = new(CaptureState.Planning, [], []);

    public FleetRun(TaskOrchestrationContext context, FleetOrder order)
    {
        _context = context;
        _order = order;
        _stop = context.WaitForExternalEvent<EndRequest>(CaptureEvents.Stop);
        _cancel = context.WaitForExternalEvent<EndRequest>(CaptureEvents.Cancel);
        Gate = new Gate(context, this, _stop, _cancel);
    }

    /// <summary>Between resolving and the first capture.</summary>
    public Gate Gate { get; }

    public bool CancelAsked => _cancel.IsCompleted;

    public bool EndAsked => _stop.IsCompleted || CancelAsked;

    public SharedWindow? Window => _progress.Window;

    public async Task<StepResult<FleetPlan>> ResolveAsync()
    {
        Publish(_progress);
        try
        {
            return await _context.CallActivityAsync<StepResult<FleetPlan>>(CaptureSteps.ResolveTarget, _order, StepRetries.For(CaptureSteps.ResolveTarget));
        }
        catch (TaskFailedException failure)
        {
            return StepResult.Fault<FleetPlan>(StepFailures.Translate(CaptureSteps.ResolveTarget, failure.FailureDetails));
        }
    }

    public async Task<IReadOnlyList<FleetMemberReport>> CaptureAsync(FleetPlan plan, ApprovalDecision? approval)
    {
        _order = approval is null ? _order : _order with { Approval = approval };
        // The list of captures needs the room that a status has; the word is in every capture's order, and in the report.
        Publish(_progress with { Approval = null, State = CaptureState.Attaching, Members = plan.Members, LeftOut = plan.LeftOut });
        var captures = plan.Members.ToDictionary(member => member, CaptureAsync);
        await OpenWindowAsync(captures);
        await PassEventsOnAsync(captures);
        return await Task.WhenAll(plan.Members.Select(member => captures[member]));
    }

    public void Begin(string step, CaptureState state) => Publish(_progress with { State = state });

    public void End(IReadOnlyList<CaptureFault> faults) => Publish(_progress with { Queue = null });

    public void Show(ApprovalState approval) => Publish(_progress with { Approval = approval });

    public void Show(QueuePlace place) => Publish(_progress with { Queue = place });

    private async Task<FleetMemberReport> CaptureAsync(FleetMember member)
    {
        try
        {
            // No retry: a capture answers for its own failures, and a second run would meet the first one's id.
            var options = new SubOrchestrationOptions(instanceId: member.CaptureId);
            return FleetMemberReport.Of(
                member, await _context.CallSubOrchestratorAsync<CaptureReport>(nameof(CaptureOrchestrator), _order.For(member), options));
        }
        catch (TaskFailedException failure)
        {
            return FleetMemberReport.Broken(member, StepFailures.Translate(nameof(CaptureOrchestrator), failure.FailureDetails));
        }
    }

    /// <summary>Waits until every capture listens, has ended, or is later than the first one's allowance.</summary>
    private async Task OpenWindowAsync(Dictionary<FleetMember, Task<FleetMemberReport>> captures)
    {
        using var losing = new CancellationTokenSource();
        var notice = _context.WaitForExternalEvent<ListeningNotice>(CaptureEvents.Listening, losing.Token);
        Task? late = null;
        while (captures.Any(capture => !capture.Value.IsCompleted && !_heard.ContainsKey(capture.Key.CaptureId)) && late is not { IsCompleted: true } && !EndAsked)
        {
            List<Task> next = [notice, _stop, _cancel, .. Unfinished(captures)];
            if (late is not null)
            {
                next.Add(late);
            }

            await Task.WhenAny(next);
            if (notice.IsCompleted)
            {
                var heard = await notice;
                _heard[heard.CaptureId] = heard;
                notice = _context.WaitForExternalEvent<ListeningNotice>(CaptureEvents.Listening, losing.Token);
                late ??= heard.ListeningAt is null ? null : _context.CreateTimer(FleetOrder.StartAllowance, losing.Token);
                Publish(_progress with { Listening = Listening });
            }
        }

        // An open timer would hold the instance in Running until it fires. CancelAsync would leave the orchestrator's thread.
#pragma warning disable CA1849
        losing.Cancel();
#pragma warning restore CA1849
        if (Listening > 0 && !EndAsked)
        {
            var now = new DateTimeOffset(_context.CurrentUtcDateTime);
            Publish(_progress with { State = CaptureState.Capturing, Window = new SharedWindow(now, now + _order.Window.Duration) });
            Tell(captures, CaptureEvents.WindowOpened, _progress.Window!);
        }
    }

    private async Task PassEventsOnAsync(Dictionary<FleetMember, Task<FleetMemberReport>> captures)
    {
        (string Event, Task<EndRequest> Asked)[] ends = [(CaptureEvents.Stop, _stop), (CaptureEvents.Cancel, _cancel)];
        List<(string Event, EndRequest Asked)> told = [];
        Task<ListeningNotice>? notice = null;
        while (Unfinished(captures).Count > 0)
        {
            var untold = ends.Where(end => !told.Exists(it => it.Event == end.Event)).ToList();
            List<Task> next = [Task.WhenAll(Unfinished(captures)), .. untold.Select(end => end.Asked)];
            if (told.Count > 0)
            {
                // An event for an instance that has not begun yet is lost on some task hubs: whoever speaks up late is told again.
                next.Add(notice ??= _context.WaitForExternalEvent<ListeningNotice>(CaptureEvents.Listening));
            }

            await Task.WhenAny(next);
            foreach (var (@event, asked) in untold.Where(end => end.Asked.IsCompleted))
            {
                told.Add((@event, await asked));
                if (@event == CaptureEvents.Cancel)
                {
                    Publish(_progress with { State = CaptureState.Cancelling });
                }

                Tell(captures, @event, told[^1].Asked);
            }

            if (notice is { IsCompleted: true })
            {
                var late = await notice;
                notice = null;
                var itself = captures.Where(capture => capture.Key.CaptureId == late.CaptureId).ToDictionary();
                told.ForEach(it => Tell(itself, it.Event, it.Asked));
            }
        }
    }

    private int Listening => _heard.Values.Count(notice => notice.ListeningAt is not null);

    private static List<Task<FleetMemberReport>> Unfinished(Dictionary<FleetMember, Task<FleetMemberReport>> captures) =>
        [.. captures.Values.Where(capture => !capture.IsCompleted)];

    private void Tell(Dictionary<FleetMember, Task<FleetMemberReport>> captures, string eventName, object payload)
    {
        foreach (var (member, capture) in captures)
        {
            if (!capture.IsCompleted)
            {
                _context.SendEvent(member.CaptureId, eventName, payload);
            }
        }
    }

    private void Publish(FleetProgress progress)
    {
        _progress = progress;
        _context.SetCustomStatus(progress.Bounded());
    }
}
