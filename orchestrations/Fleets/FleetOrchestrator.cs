using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Captures in the pods of a workload or selector: resolve, wait for what has to be waited for
/// (<see cref="Gate"/>), then one <see cref="CaptureOrchestrator"/> for each pod, all with one shared
/// window. A pod that fails takes nothing from the others. Holds no right itself: each capture makes and takes back its own.
/// </summary>
/// <remarks>The sequence of calls is a contract with running instances: a changed one needs a new name.</remarks>
public sealed class FleetOrchestrator : TaskOrchestrator<FleetOrder, FleetReport>
{
    public override async Task<FleetReport> RunAsync(TaskOrchestrationContext context, FleetOrder input)
    {
        var run = new FleetRun(context, input);
        var resolved = await run.ResolveAsync();
        // Before the first capture there is no window to stop: as in the gate, a stop ends the wait like a cancel.
        if (!resolved.Succeeded || run.EndAsked)
        {
            return new FleetReport
            {
                CaptureId = input.CaptureId,
                State = resolved.Succeeded ? CaptureState.Cancelled : CaptureState.Refused,
                LeftOut = resolved.Value?.LeftOut ?? [],
                Faults = resolved.Faults,
            };
        }

        var plan = resolved.Value;
        var passage = await run.Gate.PassAsync(new(input.CaptureId, input.RequesterId ?? input.RequestedBy, input.RequestedBy, plan.Approval, plan.Admission));
        if (passage.Ended is { } ended)
        {
            return new FleetReport { CaptureId = input.CaptureId, State = ended, LeftOut = plan.LeftOut, Faults = passage.Faults, Approval = passage.Approval };
        }

        var members = await run.CaptureAsync(plan, passage.Approval?.Decision);
        run.Gate.Release(members.Sum(member => member.Bytes ?? 0), PayloadSeconds(input, members));
        return new FleetReport
        {
            CaptureId = input.CaptureId,
            State = EndState(members, run.CancelAsked),
            Window = run.Window,
            Members = members,
            LeftOut = plan.LeftOut,
            Approval = passage.Approval,
        }.Bounded();
    }

    // A fleet's captures don't tell how long each listened: the whole window counts for those that have a file.
    private static long PayloadSeconds(FleetOrder order, IReadOnlyList<FleetMemberReport> members) =>
        order.Window.KeepsPayload ? (long)Math.Ceiling(order.Window.Duration.TotalSeconds) * members.Count(member => member.Bytes is not null) : 0;

    private static CaptureState EndState(IReadOnlyList<FleetMemberReport> members, bool cancelAsked)
    {
        bool Any(CaptureState state) => members.Any(member => member.State == state);
        return Any(CaptureState.RevokeUnproven) ? CaptureState.RevokeUnproven
            : Any(CaptureState.Completed) ? CaptureState.Completed
            : Any(CaptureState.NotDiscarded) ? CaptureState.NotDiscarded
            : cancelAsked ? CaptureState.Cancelled
            : members.All(member => member.State == CaptureState.Refused) ? CaptureState.Refused
            : CaptureState.Failed;
    }
}
