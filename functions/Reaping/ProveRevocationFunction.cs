using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// One more try to take a capture's rights back and to prove them gone, after its own orchestration gave up. A proof goes into the manifest, where there
/// is one, and into the log. What failed is an answer like any other: the next try follows.
/// </summary>
public sealed partial class ProveRevocationFunction(ICaptureSite site, ICaptureStore store, CustodyKeeper custody, TimeProvider time, ILogger<ProveRevocationFunction> logger)
{
    /// <summary>A cluster that answers slowly must not hold up the others: an activity's place is taken meanwhile.</summary>
    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(4);

    /// <summary>A store that refuses for an hour refuses for good; what matters is that the rights are gone.</summary>
    private const int TriesToWrite = 15;

    [Function(RevocationSteps.ProveRevocation)]
    public async Task<StepResult<RevocationProof>> RunAsync([ActivityTrigger] ProveRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = request.Plan.Order.CaptureId;
        using var cap = new CancellationTokenSource(Cap, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        StepResult<RevocationProof> result;
        try
        {
            result = await ProveAsync(request, either.Token);
        }
        catch (StepUnavailableException away)
        {
            result = Away(away.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            result = Away($"no answer within {Cap.TotalMinutes:0} minutes");
        }

        if (result.Succeeded)
        {
            Log.Proven(logger, id, request.Try);
        }
        else
        {
            Log.Unproven(logger, id, request.Try, result.Faults[0].Message, result.Faults[0].Detail);
        }

        return result;
    }

    private async Task<StepResult<RevocationProof>> ProveAsync(ProveRequest request, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var plan = await KnownAsync(request.Plan, cancellationToken);
        var proof = await site.EnsureRevokedAsync(plan, cancellationToken);
        if (!proof.Proven)
        {
            return new(proof, [RevocationFaults.Unproven(proof)]);
        }

        try
        {
            StepRecord tried = new(CaptureSteps.RevokePermission, began, time.GetUtcNow());
            await store.EnsureProofAsync(plan.Order.CaptureId, proof, [.. request.Timeline, tried], cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            // It is proven, and not written down where people look for it: worth another try, but not for ever.
            return new(request.Try < TriesToWrite ? null : proof, [refusal.Fault]);
        }

        await custody.NoteRevokedAsync(plan, proof, cancellationToken);
        return request.Discard && await DiscardAsync(plan.Order.CaptureId, cancellationToken) is { } fault ? StepResult.Fault<RevocationProof>(fault) : StepResult.Of(proof);
    }

    // Not given up: who cancelled was told that nothing is kept.
    private async Task<CaptureFault?> DiscardAsync(string captureId, CancellationToken cancellationToken)
    {
        try
        {
            await store.EnsureDiscardedAsync(captureId, cancellationToken);
            await custody.NoteAsync(captureId, cancellationToken, CustodyNotes.Discarded(time.GetUtcNow()));
            return null;
        }
        catch (StoreRefusedException refusal)
        {
            return refusal.Fault;
        }
    }

    /// <summary>The plan with the pod that it was made for, where the capture did not keep it.</summary>
    private async Task<CapturePlan> KnownAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        if (plan.PodUid.Length > 0 || plan.Place is not null)
        {
            return plan;
        }

        var again = await site.PlanAsync(plan.Order, cancellationToken);
        return again.Succeeded ? again.Value : plan;
    }

    private static StepResult<RevocationProof> Away(string words) => StepResult.Fault<RevocationProof>(new CaptureFault(
        FaultCodes.ClusterUnavailable, "The cluster, or the store, could not be asked.", "The reaper tries again.", Detail: words));

    private static partial class Log
    {
        [LoggerMessage(3201, LogLevel.Information, "The rights of capture {CaptureId} are proven gone, at try {Try} of the reaper")]
        public static partial void Proven(ILogger logger, string captureId, int @try);

        [LoggerMessage(3202, LogLevel.Warning, "The rights of capture {CaptureId} are not proven gone, at try {Try} of the reaper: {Message} {Detail}")]
        public static partial void Unproven(ILogger logger, string captureId, int @try, string message, string? detail);
    }
}
