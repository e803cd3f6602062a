using CaptureFlow.Functions.Reaping;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>What the reaper made of a capture that ended without its proof.</summary>
internal static class LaterProof
{
    /// <summary>With the later proof and the status that the capture would have had with it; without one, with how the reaper fares.</summary>
    public static async Task<CaptureView> WithLaterProofAsync(this CaptureView view, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (view.Status is not (CaptureState.RevokeUnproven or CaptureState.NotDiscarded))
        {
            return view;
        }

        var (report, tries) = await LaterProofs.LookAsync(client, view.Id, cancellationToken);
        return report is { Proof: { Proven: true } proof } ? Proven(view, proof, report.Tries) : view with { Reaper = tries };
    }

    /// <summary>The same of a fleet: of each of its captures, and so of itself.</summary>
    public static async Task<FleetView> WithLaterProofsAsync(this FleetView fleet, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (fleet is not { Status: CaptureState.RevokeUnproven or CaptureState.NotDiscarded, Members.Count: > 0 })
        {
            return fleet;
        }

        var members = await Task.WhenAll(fleet.Members.Select(member => LaterAsync(member, client, cancellationToken)));
        bool Any(CaptureState state) => members.Any(member => member.Status == state);
        return fleet with
        {
            Members = members,
            Status = members.Any(member => member.RightsGone != true) ? CaptureState.RevokeUnproven
                : Any(CaptureState.Completed) ? CaptureState.Completed
                : Any(CaptureState.NotDiscarded) ? CaptureState.NotDiscarded
                : Any(CaptureState.Cancelled) ? CaptureState.Cancelled
                : CaptureState.Failed,
        };
    }

    private static async Task<FleetMemberView> LaterAsync(FleetMemberView member, DurableTaskClient client, CancellationToken cancellationToken) =>
        (member.RightsGone == true && member.Status != CaptureState.NotDiscarded) || await client.GetInstanceAsync(member.Id, getInputsAndOutputs: true, cancellationToken) is not { } instance
            ? member
            : FleetMemberView.Of(member.Pod, await CaptureView.Of(instance).WithLaterProofAsync(client, cancellationToken));

    private static CaptureView Proven(CaptureView view, RevocationProof proof, RevocationTries tries)
    {
        // Only a cancel discards.
        var status = view.Evidence is { Verdict: not Verdict.Failed } ? CaptureState.Completed
            : view.Progress?.Timeline.Any(step => step.Step == CaptureSteps.DiscardCapture) == true ? CaptureState.Cancelled
            : CaptureState.Failed;
        return view with { Status = status, Progress = view.Progress is { } progress ? progress with { State = status } : null, Revocation = proof, Reaper = tries };
    }
}
