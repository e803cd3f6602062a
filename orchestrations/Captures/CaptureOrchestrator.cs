using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// One capture: plan, what has to be waited for (<see cref="Gate"/>), grant, then attach, window, finish, retrieve, store (<see cref="CaptureAttempt"/>), and revoke, always. Expected
/// failures are results, so that every path from the grant on leads through the revoke; only terminating the instance would skip it, and
/// then the grant's expiry and the reaper take over.
/// </summary>
/// <remarks>The sequence of calls is a contract with running instances: a changed one needs a new name.</remarks>
public sealed class CaptureOrchestrator : TaskOrchestrator<CaptureOrder, CaptureReport>
{
    /// <summary>How often a revoke whose proof did not hold is repeated before the reaper is left with it.</summary>
    public const int RevokeRounds = 4;

    private static readonly TimeSpan BetweenRevokes = TimeSpan.FromSeconds(5);

    public override async Task<CaptureReport> RunAsync(TaskOrchestrationContext context, CaptureOrder input)
    {
        var run = new CaptureRun(context, input);
        var planned = await run.StepAsync<CapturePlan>(CaptureSteps.PlanCapture, CaptureState.Planning, input);
        if (!planned.Succeeded || run.CancelAsked)
        {
            return new CaptureReport
            {
                CaptureId = input.CaptureId,
                State = planned.Succeeded ? CaptureState.Cancelled : CaptureState.Refused,
                Faults = planned.Faults,
                Plan = planned.Value,
                Timeline = run.Timeline,
            };
        }

        run.Planned(planned.Value);
        var passage = await run.Gate.PassAsync(TermsOf(planned.Value));
        var plan = passage.Approval is { Decision: { } yes } ? planned.Value with { Order = planned.Value.Order with { Approval = yes } } : planned.Value;
        if (passage.Ended is { } ended)
        {
            return new CaptureReport
            {
                CaptureId = input.CaptureId,
                State = ended,
                Faults = passage.Faults,
                Plan = planned.Value,
                Approval = passage.Approval,
                Timeline = run.Timeline,
            };
        }

        var (grant, attempt) = await AttemptAsync(run, plan);
        var proof = await RevokeAsync(run, plan);
        if (proof is { Proven: true } && await MethodFallback.TryPlanAsync(run, plan, attempt) is { } onNode)
        {
            plan = onNode;
            (grant, attempt) = await AttemptAsync(run, plan);
            proof = await RevokeAsync(run, plan);
        }

        var discarded = !run.CancelAsked || attempt.Evidence is not null
            || (await run.StepAsync<Discarded>(CaptureSteps.DiscardCapture, CaptureState.Revoking, input.CaptureId)).Succeeded;
        run.Gate.Release(attempt.Evidence?.Bytes ?? attempt.Tapped?.Bytes ?? 0, input.Window.KeepsPayload ? PayloadSeconds(attempt) : 0);
        return new CaptureReport
        {
            CaptureId = input.CaptureId,
            State = EndState(run, attempt, proof, discarded),
            Evidence = attempt.Evidence,
            Faults = run.Faults,
            Plan = plan,
            Approval = passage.Approval,
            Grant = grant,
            Tap = attempt.Tap,
            Tapped = attempt.Tapped,
            Revocation = proof,
            Timeline = run.Timeline,
        };
    }

    private static async Task<(Grant? Grant, CaptureAttempt Attempt)> AttemptAsync(CaptureRun run, CapturePlan plan)
    {
        var granted = await run.StepAsync<Grant>(CaptureSteps.GrantPermission, CaptureState.Granting, plan);
        var attempt = new CaptureAttempt(run, plan);
        if (granted.Succeeded && !run.CancelAsked)
        {
            await attempt.RunAsync(granted.Value);
        }

        return (granted.Value, attempt);
    }

    private static GateTerms TermsOf(CapturePlan plan) => new(
        plan.Order.CaptureId, plan.Order.RequesterId ?? plan.Order.RequestedBy, plan.Order.RequestedBy, plan.Approval, plan.Admission);

    // A tap that never gave its account has kept what it kept: the whole window counts.
    private static long PayloadSeconds(CaptureAttempt attempt) =>
        attempt.Tap is null ? 0 : (long)Math.Ceiling(attempt.Tapped?.WindowSeconds ?? CaptureCeilings.Duration.TotalSeconds);

    private static async Task<RevocationProof?> RevokeAsync(CaptureRun run, CapturePlan plan)
    {
        RevocationProof? proof = null;
        for (var round = 1; round <= RevokeRounds; round++)
        {
            run.Begin(CaptureSteps.RevokePermission, CaptureState.Revoking);
            var revoked = await run.CallAsync<RevocationProof>(
                CaptureSteps.RevokePermission, new RevokeRequest(plan, run.Timeline), failure => run.ShowUnproven(UnprovenRevoke.NotAsked(failure.ErrorMessage)));
            proof = revoked.Value ?? proof;
            if (revoked.Value is { Proven: true })
            {
                run.Proven();
            }

            if (revoked.Value is { Proven: true } proven && revoked.Faults.Any(IsOfTheStore))
            {
                run.End([.. revoked.Faults.Where(fault => !IsOfTheStore(fault))]);
                await run.StepAsync<RevocationProof>(CaptureSteps.AddProof, CaptureState.Storing, new ProofRequest(plan, proven, run.Timeline));
                break;
            }

            run.End(revoked.Faults);
            if (proof is { Proven: true })
            {
                break;
            }

            if (round < RevokeRounds)
            {
                run.ShowUnproven(revoked.Faults is [var first, ..] ? first : UnprovenRevoke.NotAsked("an answer was not the expected one"));
                await run.PauseAsync(BetweenRevokes * round);
            }
        }

        return proof;
    }

    // The rights are gone; what is missing is their proof beside the file, and only until the store is back.
    private static bool IsOfTheStore(CaptureFault fault) => fault.Code == FaultCodes.StoreUnavailable;

    private static CaptureState EndState(CaptureRun run, CaptureAttempt attempt, RevocationProof? proof, bool discarded) => (proof, attempt.Evidence) switch
    {
        (not { Proven: true }, _) => CaptureState.RevokeUnproven,
        (_, { Verdict: not Verdict.Failed }) => CaptureState.Completed,
        _ when !discarded => CaptureState.NotDiscarded,
        _ when run.CancelAsked => CaptureState.Cancelled,
        _ => CaptureState.Failed,
    };
}
