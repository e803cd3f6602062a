using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Captures in the pods of a workload or selector: resolve, then one <see cref="CaptureOrchestrator"/> for each pod, all with one shared
/// window. A pod that fails takes nothing from the others. Holds no right itself: each capture makes and takes back its own.
/// </summary>
/// <remarks>The sequence of calls is a contract with running instances: a changed one needs a new name.</remarks>
public sealed class FleetOrchestrator : TaskOrchestrator<FleetOrder, FleetReport>
{
    public override async Task<FleetReport> RunAsync(TaskOrchestrationContext context, FleetOrder input)
    {
        var run = new FleetRun(context, input);
        var resolved = await run.ResolveAsync();
        if (!resolved.Succeeded || run.CancelAsked)
        {
            return new FleetReport
            {
                CaptureId = input.CaptureId,
                State = resolved.Succeeded ? CaptureState.Cancelled : CaptureState.Refused,
                LeftOut = resolved.Value?.LeftOut ?? [],
                Faults = resolved.Faults,
            };
        }

        var members = await run.CaptureAsync(resolved.Value);
        return new FleetReport
        {
            CaptureId = input.CaptureId,
            State = EndState(members, run.CancelAsked),
            Window = run.Window,
            Members = members,
            LeftOut = resolved.Value.LeftOut,
        };
    }

    private static CaptureState EndState(IReadOnlyList<FleetMemberReport> members, bool cancelAsked)
    {
        bool Any(CaptureState state) => members.Any(member => member.State == state);
        return Any(CaptureState.RevokeUnproven) ? CaptureState.RevokeUnproven
            : Any(CaptureState.Completed) ? CaptureState.Completed
            : cancelAsked ? CaptureState.Cancelled
            : members.All(member => member.State == CaptureState.Refused) ? CaptureState.Refused
            : CaptureState.Failed;
    }
}
