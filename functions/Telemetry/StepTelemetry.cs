using System.Diagnostics;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Telemetry;

/// <summary>Runs a step's work as a span of its capture's trace, and counts what came of it. Changes nothing about the step itself.</summary>
public sealed class StepTelemetry(CaptureInstruments instruments, TimeProvider time)
{
    /// <summary>Returns what the work returned, and throws what it threw.</summary>
    public async Task<StepResult<T>> RunAsync<T>(string step, string captureId, Func<Task<StepResult<T>>> work)
        where T : class
    {
        using var activity = CaptureTrace.Start(step, captureId);
        var started = time.GetTimestamp();
        var outcome = StepOutcomes.Threw;
        try
        {
            var result = await work();
            outcome = result.Faults.Count > 0 ? StepOutcomes.Faulted : StepOutcomes.Done;
            Count(step, result, activity);
            return result;
        }
        catch (OperationCanceledException)
        {
            outcome = StepOutcomes.Interrupted;
            throw;
        }
        catch (Exception e)
        {
            // Noted and passed on. Its type alone: its words are in the log, and may be a server's.
            activity?.SetTag("error.type", e.GetType().FullName).SetStatus(ActivityStatusCode.Error);
            throw;
        }
        finally
        {
            activity?.SetTag(CaptureTrace.Outcome, outcome);
            instruments.StepRan(step, outcome, time.GetElapsedTime(started));
        }
    }

    /// <summary>As <see cref="RunAsync"/>, for the last step: it also knows how the whole capture went.</summary>
    public async Task<StepResult<RevocationProof>> RunRevokeAsync(RevokeRequest request, Func<Task<StepResult<RevocationProof>>> work)
    {
        var captureId = request.Plan.Order.CaptureId;
        var round = request.Timeline.Count(record => record.Step == CaptureSteps.RevokePermission);
        var proven = false;
        try
        {
            var result = await RunAsync(CaptureSteps.RevokePermission, captureId, work);
            proven = result.Value is { Proven: true };
            if (round == 1)
            {
                Ended(captureId, request.Timeline);
            }

            return result;
        }
        finally
        {
            // Earlier rounds are repeated; what counts is that the last one is no proof either.
            if (!proven && round >= CaptureOrchestrator.RevokeRounds)
            {
                instruments.Unproven();
            }
        }
    }

    private void Ended(string captureId, IReadOnlyList<StepRecord> timeline)
    {
        foreach (var window in timeline.Where(record => record is { Step: CaptureSteps.CaptureWindow, EndedAt: not null }))
        {
            CaptureTrace.Window(captureId, window);
            instruments.StepRan(window.Step, StepOutcomes.Done, window.EndedAt!.Value - window.StartedAt);
        }

        if (!timeline.Any(record => record is { Step: CaptureSteps.StoreCapture, EndedAt: not null, Fault: null }))
        {
            instruments.Finished(timeline.Any(record => record.Fault is not null && record.Step != CaptureSteps.RevokePermission) ? Endings.Failed : Endings.Cancelled);
        }
    }

    private void Count<T>(string step, StepResult<T> result, Activity? activity)
        where T : class
    {
        if (result.Faults.Count > 0)
        {
            activity?.SetTag(CaptureTrace.Fault, result.Faults[0].Code).SetStatus(ActivityStatusCode.Error, result.Faults[0].Code);
        }

        switch (result.Value)
        {
            case CapturePlan when result.Succeeded:
                instruments.Started();
                break;
            case TapSummary tapped:
                instruments.Dropped(tapped);
                break;
            case StoredEvidence evidence:
                activity?.SetTag(CaptureTrace.Verdict, evidence.Verdict.ToString());
                instruments.Stored(evidence.Bytes);
                instruments.Finished(evidence.Verdict.ToString());
                break;
            default:
                break;
        }

        if (step == CaptureSteps.PlanCapture && !result.Succeeded)
        {
            instruments.Finished(Endings.Refused);
        }
    }
}
