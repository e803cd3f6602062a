using CaptureFlow.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// Every minute, and after a crash at once: takes up the captures that ended without proof that their rights are gone, and those that are stuck, and says of each that it
/// is so until it is not. The sweep, which is a function of its own, needs none of this: it works with the orchestrations lost.
/// </summary>
public sealed partial class CaptureWatchFunction(CaptureWatch watch, WatchTelemetry telemetry, TimeProvider time, ILogger<CaptureWatchFunction> logger)
{
    /// <summary>The next round comes within a minute, and skips what this one has settled.</summary>
    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(2);

    [Function("CaptureWatch")]
    [AlsoAtStart]
    public async Task RunAsync(
        [TimerTrigger("20 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        ArgumentNullException.ThrowIfNull(client);
        using var cap = new CancellationTokenSource(Cap, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        try
        {
            var report = await watch.LookAsync(client, either.Token);
            var now = time.GetUtcNow();
            telemetry.Watched(report, now);
            foreach (var capture in report.Unproven)
            {
                Log.Unproven(logger, capture.CaptureId, (now - capture.Tries.Since).TotalSeconds, capture.Tries.Count, capture.Tries.LastAt, capture.Tries.LastAnswer, capture.Tries.NextAt);
            }

            foreach (var capture in report.Stuck)
            {
                Log.Stuck(logger, capture.CaptureId, capture.Deadline);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotDone(logger, Cap.TotalSeconds);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3231, LogLevel.Error, "The rights of capture {CaptureId} are not proven gone for {Seconds:0} s; {Tries} tries, the last at {LastAt}: {LastAnswer}; the next at {NextAt}")]
        public static partial void Unproven(ILogger logger, string captureId, double seconds, int tries, DateTimeOffset? lastAt, string? lastAnswer, DateTimeOffset? nextAt);

        [LoggerMessage(3232, LogLevel.Error, "Capture {CaptureId} still runs, and should have ended by {Deadline}")]
        public static partial void Stuck(ILogger logger, string captureId, DateTimeOffset deadline);

        [LoggerMessage(3233, LogLevel.Warning, "Not all captures could be looked through in {Seconds:0} s; the next round goes on")]
        public static partial void NotDone(ILogger logger, double seconds);
    }
}
