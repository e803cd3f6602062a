using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// The reaper's hold on one capture: goes on revoking until the rights are proven gone, however long that takes, and whatever became of the
/// capture's own orchestration. One that is stuck is asked to end first; it is ended only when it does not and its rights are gone, and then asked
/// about once more, because a step of it may have been under way.
/// </summary>
/// <remarks>The sequence of calls is a contract with running instances: a changed one needs a new name.</remarks>
public sealed class RevocationOrchestrator : TaskOrchestrator<RevocationOrder, RevocationReport?>
{
    /// <summary>Tries in one turn; then the history starts over.</summary>
    public const int TriesPerTurn = 20;

    /// <summary>A host that was down takes up what was under way: within this, what only waited for it has moved on.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(15);

    /// <summary>What a cluster that was away is proven within, once it is back.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private static readonly TaskOptions Repeated = new(new RetryPolicy(10, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2.0, maxRetryInterval: TimeSpan.FromMinutes(1)));

    public override async Task<RevocationReport?> RunAsync(TaskOrchestrationContext context, RevocationOrder input)
    {
        context.SetCustomStatus(input.Tries);
        if (input is { Stuck: true, Tries.Count: 0 } && !await IsDeadAsync(context, input))
        {
            return new(null, input.Tries);
        }

        if (input.Plan is null)
        {
            await EndAsync(context, input);
            return new(null, input.Tries);
        }

        var (tries, ended) = (input.Tries, !input.Stuck);
        for (var turn = 0; turn < TriesPerTurn; turn++)
        {
            var result = await TryAsync(context, new(input.Plan, input.Timeline, tries.Count + 1, input.Discard));
            var proof = result.Value is { Proven: true } proven ? proven : null;
            tries = Tried(tries, result, proof is null ? PauseAfter(tries.Count + 1) : null, new(context.CurrentUtcDateTime));
            context.SetCustomStatus(tries);
            if (proof is not null && ended)
            {
                return new(proof, tries);
            }

            if (proof is not null)
            {
                await EndAsync(context, input);
                ended = true;
            }
            else
            {
                await context.CreateTimer(tries.NextAt!.Value.UtcDateTime, CancellationToken.None);
            }
        }

        context.ContinueAsNew(input with { Tries = tries, Stuck = !ended });
        return null;
    }

    /// <summary>Longer from try to try: what is away now is most likely away a moment later.</summary>
    public static TimeSpan PauseAfter(int tries)
    {
        var pause = ShortestPause * Math.Pow(2, Math.Min(tries - 1, 10));
        return pause < LongestPause ? pause : LongestPause;
    }

    private static RevocationTries Tried(RevocationTries tries, StepResult<RevocationProof> result, TimeSpan? pause, DateTimeOffset now) => tries with
    {
        Count = tries.Count + 1,
        LastAt = now,
        LastAnswer = pause is null ? "proven gone" : result.Faults is [var fault, ..] ? FaultDetail.Of($"{fault.Message} {fault.Detail}".TrimEnd()) : "not proven",
        NextAt = now + pause,
        ProvenAt = pause is null ? now : null,
    };

    private static async Task<StepResult<RevocationProof>> TryAsync(TaskOrchestrationContext context, ProveRequest request)
    {
        try
        {
            // Not repeated by itself: each try is one that is told of.
            return await context.CallActivityAsync<StepResult<RevocationProof>>(RevocationSteps.ProveRevocation, request, new TaskOptions());
        }
        catch (TaskFailedException failure)
        {
            return StepResult.Fault<RevocationProof>(StepFailures.Translate(RevocationSteps.ProveRevocation, failure.FailureDetails));
        }
    }

    /// <returns>True when it neither went on by itself nor ended when it was asked to.</returns>
    private static async Task<bool> IsDeadAsync(TaskOrchestrationContext context, RevocationOrder order)
    {
        await context.CreateTimer(Settle, CancellationToken.None);
        if (!await IsStuckAsync(context, new(order.CaptureId, AskToEnd: true)))
        {
            return false;
        }

        await context.CreateTimer(CaptureDeadlines.EndWithin, CancellationToken.None);
        return await IsStuckAsync(context, new(order.CaptureId, AskToEnd: false));
    }

    private static async Task<bool> IsStuckAsync(TaskOrchestrationContext context, StuckRequest request)
    {
        try
        {
            return (await context.CallActivityAsync<StuckSeen>(RevocationSteps.LookAtStuck, request, Repeated)).State == StuckState.Stuck;
        }
        catch (TaskFailedException)
        {
            // The reaper finds it again.
            return false;
        }
    }

    // What cannot be ended is found again by the reaper; its rights are gone all the same.
    private static async Task EndAsync(TaskOrchestrationContext context, RevocationOrder order)
    {
        try
        {
            await context.CallActivityAsync<StuckEnded>(RevocationSteps.EndStuck, order.CaptureId, Repeated);
        }
        catch (TaskFailedException)
        {
        }
    }
}
