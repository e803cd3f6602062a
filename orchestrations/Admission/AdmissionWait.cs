using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// A capture's side of the line: asks to be let in, and waits for the ledger's answers. Asks again from time to time, so that a ledger that was
/// lost learns of it, at its old place. Touches nothing but the orchestration context.
/// </summary>
internal static class AdmissionWait
{
    private static readonly TimeSpan FirstAnswerWithin = TimeSpan.FromMinutes(1);

    /// <summary>Where the answer is to be at once, the ledger may still take its time: it is one orchestration among others.</summary>
    private static readonly TimeSpan RefusalWithin = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(5);

    /// <summary>Keeps the history of the longest wait short.</summary>
    private const int MostAsks = 30;

    /// <returns>Empty when let in, or ended on request; else why not.</returns>
    public static async Task<IReadOnlyList<CaptureFault>> RunAsync(
        TaskOrchestrationContext context, string captureId, AdmissionTerms terms, IReadOnlyList<Task> ends, Action<QueuePlace> show)
    {
        var since = new DateTimeOffset(context.CurrentUtcDateTime);
        var until = since + (terms.Queue || terms.MaxWait < RefusalWithin ? terms.MaxWait : RefusalWithin);
        var request = new AdmissionRequest(captureId, terms.Claims, terms.Queue, since, until, terms.Lifetime);
        var answer = context.WaitForExternalEvent<AdmissionAnswer>(CaptureEvents.Admission);
        AdmissionAnswer? last = null;
        var inLine = false;
        while (context.CurrentUtcDateTime < until.UtcDateTime)
        {
            // Who is in line stays there, whatever becomes of a repetition: it only tells a ledger that was lost.
            if (await AskAsync(context, request) is { Count: > 0 } faults && !inLine)
            {
                return faults;
            }

            inLine = true;
            using var losing = new CancellationTokenSource();
            var again = context.CreateTimer(Earlier(context.CurrentUtcDateTime + Pause(last, terms), until.UtcDateTime), losing.Token);
            var listening = true;
            while (listening)
            {
                await Task.WhenAny([answer, again, .. ends]);
                listening = answer.IsCompleted;
                if (answer.IsCompleted)
                {
                    last = await answer;
                    listening = last.Outcome == AdmissionOutcome.Waiting;
                    show(new(last.Place == 0 ? null : last.Place, last.Claim?.Say(last.Used), since, until));
                    answer = listening ? context.WaitForExternalEvent<AdmissionAnswer>(CaptureEvents.Admission) : answer;
                }
            }

            // An open timer would hold the instance in Running until it fires. CancelAsync would leave the orchestrator's thread.
#pragma warning disable CA1849
            losing.Cancel();
#pragma warning restore CA1849
            if (last is { Outcome: AdmissionOutcome.Admitted } || ends.Any(end => end.IsCompleted))
            {
                return [];
            }

            if (last is { Outcome: AdmissionOutcome.Refused })
            {
                return [AdmissionFaults.Refused(last)];
            }
        }

        return [last is null ? AdmissionFaults.Unanswered : AdmissionFaults.WaitedTooLong(last, terms.MaxWait)];
    }

    private static async Task<IReadOnlyList<CaptureFault>> AskAsync(TaskOrchestrationContext context, AdmissionRequest request)
    {
        try
        {
            var asked = await context.CallActivityAsync<StepResult<AdmissionAsked>>(
                CaptureSteps.AskAdmission, new AdmissionMessage(request, null), StepRetries.For(CaptureSteps.AskAdmission));
            return asked.Faults;
        }
        catch (TaskFailedException failure)
        {
            return [StepFailures.Translate(CaptureSteps.AskAdmission, failure.FailureDetails)];
        }
    }

    private static TimeSpan Pause(AdmissionAnswer? last, AdmissionTerms terms) =>
        last is null ? FirstAnswerWithin
        : terms.MaxWait / MostAsks > AskAgainAfter ? terms.MaxWait / MostAsks
        : AskAgainAfter;

    private static DateTime Earlier(DateTime a, DateTime b) => a < b ? a : b;
}
