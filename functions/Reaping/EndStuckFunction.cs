using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// Ends an orchestration that neither goes on nor can be cancelled. Its rights are proven gone before, and proven once more after; what it stored stays, and
/// what it staged is given up with time. One that has ended meanwhile is left as it is.
/// </summary>
public sealed partial class EndStuckFunction(ILogger<EndStuckFunction> logger)
{
    [Function(RevocationSteps.EndStuck)]
    public async Task<StuckEnded> RunAsync([ActivityTrigger] string captureId, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (await client.GetInstanceAsync(captureId, cancellationToken) is { IsCompleted: false })
        {
            Log.Ended(logger, captureId);
            // The one place where it may be: there is nothing left for the revoke to do.
#pragma warning disable RS0030
            await client.TerminateInstanceAsync(captureId, new TerminateInstanceOptions(), cancellationToken);
#pragma warning restore RS0030
        }

        return new(captureId);
    }

    private static partial class Log
    {
        [LoggerMessage(3221, LogLevel.Warning, "Capture {CaptureId} did not end when it was cancelled; its rights are proven gone, and the reaper ends it")]
        public static partial void Ended(ILogger logger, string captureId);
    }
}
