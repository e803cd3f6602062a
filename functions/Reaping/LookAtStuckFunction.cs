using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Reaping;

/// <summary>Looks at a capture or fleet that was past its deadline, and where wanted asks it to end, as a user would.</summary>
public sealed partial class LookAtStuckFunction(CustodyKeeper custody, TimeProvider time, ILogger<LookAtStuckFunction> logger)
{
    /// <summary>Who asks, in the log of the capture.</summary>
    public const string Reaper = "captureflow reaper";

    [Function(RevocationSteps.LookAtStuck)]
    public async Task<StuckSeen> RunAsync([ActivityTrigger] StuckRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(client);
        if (await client.GetInstanceAsync(request.CaptureId, getInputsAndOutputs: true, cancellationToken) is not { IsCompleted: false } instance)
        {
            return new(StuckState.Ended);
        }

        if (await StuckInstances.SinceAsync(instance, client, time.GetUtcNow(), cancellationToken) is not { } since)
        {
            return new(StuckState.Moving);
        }

        if (request.AskToEnd)
        {
            Log.Asked(logger, request.CaptureId, since);
            await client.RaiseEventAsync(request.CaptureId, CaptureEvents.Cancel, new EndRequest(Reaper), cancellationToken);
            await custody.NoteAsync(request.CaptureId, cancellationToken, CustodyNotes.EndAsked(stop: false, Actor.Named(Reaper), time.GetUtcNow()));
        }

        return new(StuckState.Stuck);
    }

    private static partial class Log
    {
        [LoggerMessage(3211, LogLevel.Warning, "Capture {CaptureId} should have ended by {Deadline}: the reaper cancels it")]
        public static partial void Asked(ILogger logger, string captureId, DateTimeOffset deadline);
    }
}
