using System.Globalization;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What is asked of a running tap: how far it is, its own account of the file, and the file.</summary>
internal sealed class Transfers(
    CaptureTokens tokens, TapExec exec, FileReading reading, TapGone gone, ClusterCalls calls, IOptions<ClusterOptions> options, TimeProvider time)
{
    private static readonly TimeSpan LookCap = TimeSpan.FromSeconds(15);

    // Below an activity's time limit of 8 minutes, with room for the hashes and the connections around it.
    private static readonly TimeSpan FinishCap = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ReadCap = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(500);

    public async Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken)
    {
        using var granted = await tokens.OpenAsync(grant, cancellationToken);
        var tap = TapAddress.Of(granted, plan.Order);
        var (outcome, answer, _) = await AskAsync(plan, tap, TapScripts.Observe(plan.Order.CaptureId), LookCap, cancellationToken);
        if (outcome?.ExitCode == 0
            && answer.Trim().Split(' ') is [var bytes, var state]
            && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            return StepResult.Of(new TapObservation(size, state == "ended"));
        }

        return StepResult.Fault<TapObservation>(await gone.FindAsync(granted, plan, cancellationToken) ?? Unanswered(outcome));
    }

    public async Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken)
    {
        using var granted = await tokens.OpenAsync(grant, cancellationToken);
        var tap = TapAddress.Of(granted, plan.Order);
        var deadline = time.GetUtcNow() + FinishCap;
        var answered = time.GetTimestamp();
        string? last = null;
        while (true)
        {
            var left = deadline - time.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return StepResult.Fault<TapSummary>(Unfinished(last));
            }

            var (outcome, answer, refusal) = await AskAsync(plan, tap, TapScripts.Finish(plan.Order.CaptureId, stopNow, left), left, cancellationToken);
            if (outcome?.ExitCode == 0 && SummaryText.TryRead(answer) is { } summary)
            {
                return StepResult.Of(summary);
            }

            if (await gone.FindAsync(granted, plan, cancellationToken) is { } fault)
            {
                return StepResult.Fault<TapSummary>(fault);
            }

            last = refusal?.Message ?? (outcome is null ? last : Say(outcome));
            if (refusal is null)
            {
                answered = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(answered) > options.Value.RetryFor)
            {
                // The tap is there, and still nobody is let in.
                return StepResult.Fault<TapSummary>(ClusterErrors.ToFault(refusal));
            }

            // The line was cut, or the kubelet was asked too early: the tap is still there, and asking again costs nothing.
            await calls.PauseAsync(Again, cancellationToken);
        }
    }

    public async Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        using var granted = await tokens.OpenAsync(grant, cancellationToken);
        try
        {
            var outcome = await reading.ReadAsync(TapAddress.Of(granted, plan.Order), offset, sink, ReadCap, cancellationToken);
            return outcome is { End: ExecEnd.Exited, ExitCode: 0 }
                ? null
                : await gone.FindAsync(granted, plan, cancellationToken) ?? Cut(offset, outcome);
        }
        catch (ClusterRefusalException refusal) when (refusal.Status is 400 or 404)
        {
            // An exec into what is no longer there; a pod that is only on its way out is asked about again.
            return await gone.FindAsync(granted, plan, cancellationToken) ?? Cut(offset, refusal);
        }
        catch (StepUnavailableException)
        {
            // The same answers as from a tap that is still there and a line that is not.
            if (await gone.FindAsync(granted, plan, cancellationToken) is { } fault)
            {
                return fault;
            }

            throw;
        }
    }

    private async Task<(ExecOutcome? Outcome, string Answer, ClusterRefusalException? Refusal)> AskAsync(
        CapturePlan plan, TapAddress tap, string[] command, TimeSpan cap, CancellationToken cancellationToken)
    {
        try
        {
            var (outcome, answer) = await exec.AskAsync(tap, command, cap, cancellationToken);
            return (outcome, answer, null);
        }
        catch (ClusterRefusalException refusal) when (refusal.Status is 400 or 404)
        {
            return (null, string.Empty, refusal);
        }
        catch (StepUnavailableException)
        {
            // Exec into a container that has ended is a 500, as if it might come back: the pod's status says that it will not.
            if (await gone.FindAsync(tap.Client, plan, cancellationToken) is null)
            {
                throw;
            }

            return (null, string.Empty, null);
        }
    }

    private static CaptureFault Unfinished(string? words) => new(
        FaultCodes.CaptureUnfinished,
        $"The tap has not ended after {FinishCap.TotalMinutes:0} minutes.",
        "What there is can still be retrieved; the node may be starved of CPU or disk.",
        Detail: words);

    private static CaptureFault Unanswered(ExecOutcome? outcome) => new(
        FaultCodes.ClusterUnavailable, "The tap did not answer.", "Nothing: it is asked again.", Detail: outcome is null ? null : Say(outcome));

    private static CaptureFault Cut(long offset, ExecOutcome outcome) => new(
        FaultCodes.TransferCut,
        $"The transfer was cut after {outcome.Bytes} bytes from offset {offset}.",
        "Nothing: it is taken up at the first missing byte.",
        Detail: Say(outcome));

    private static CaptureFault Cut(long offset, ClusterRefusalException refusal) => new(
        FaultCodes.TransferCut,
        $"The transfer could not be taken up at offset {offset}.",
        "Nothing: it is tried again.",
        Detail: refusal.Message);

    private static string Say(ExecOutcome outcome) =>
        $"{outcome.End}{(outcome.ExitCode is { } code ? $", exit code {code}" : "")}: {outcome.Words} {outcome.Errors}".Trim();
}
