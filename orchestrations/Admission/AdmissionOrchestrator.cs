using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Keeps the <see cref="AdmissionLedger"/>: takes one message after the other, and answers. Eternal, one instance under a fixed id; starts over
/// every so many messages, so that its history stays short. Waits on an event alone as long as nobody is in line.
/// </summary>
/// <remarks>The sequence of calls is a contract with the running instance: a changed one needs a new name.</remarks>
public sealed class AdmissionOrchestrator : TaskOrchestrator<AdmissionState, AdmissionSummary>
{
    /// <summary>How many messages one execution takes; each is replayed with every one that follows it.</summary>
    private const int MessagesPerExecution = 50;

    public override async Task<AdmissionSummary> RunAsync(TaskOrchestrationContext context, AdmissionState input)
    {
        var ledger = new AdmissionLedger(input);
        using var alarm = new AdmissionAlarm(context);
        context.SetCustomStatus(ledger.Summary);
        var message = context.WaitForExternalEvent<AdmissionMessage>(AdmissionLedger.Message);
        var taken = 0;
        while (taken < MessagesPerExecution)
        {
            await alarm.WhenAsync(message, ledger.Due);
            if (message.IsCompleted)
            {
                Tell(context, ledger.Take(await message, context.CurrentUtcDateTime));
                taken++;

                // Starting over happens right behind a message, and with nobody listening: an event that comes meanwhile then stays unread, and
                // is carried over.
                message = taken < MessagesPerExecution ? context.WaitForExternalEvent<AdmissionMessage>(AdmissionLedger.Message) : message;
            }
            else
            {
                Tell(context, ledger.Tick(context.CurrentUtcDateTime));
            }

            context.SetCustomStatus(ledger.Summary);
        }

        alarm.Dispose();
        context.ContinueAsNew(ledger.State);
        return ledger.Summary;
    }

    private static void Tell(TaskOrchestrationContext context, IReadOnlyDictionary<string, AdmissionAnswer> answers)
    {
        foreach (var (captureId, answer) in answers.OrderBy(answer => answer.Key, StringComparer.Ordinal))
        {
            context.SendEvent(captureId, CaptureEvents.Admission, answer);
        }
    }
}
