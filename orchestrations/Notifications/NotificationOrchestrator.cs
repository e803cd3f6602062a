using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Watches one capture from outside until it has ended, however it ends, and then tells every receiver. The capture knows nothing of it and
/// waits for nobody.
/// </summary>
/// <remarks>The sequence of calls is a contract with running instances: a changed one needs a new name.</remarks>
public sealed class NotificationOrchestrator : TaskOrchestrator<WatchedCapture, NotificationReport>
{
    /// <summary>Looks in one turn; then the history starts over.</summary>
    public const int LooksPerTurn = 60;

    private static readonly TimeSpan BetweenFirstLooks = TimeSpan.FromSeconds(5);

    /// <summary>Word of what has taken an hour may be a minute late.</summary>
    private static readonly TimeSpan BetweenLaterLooks = TimeSpan.FromMinutes(1);

    private static readonly TaskOptions Looking = new(new RetryPolicy(4, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2.0));

    /// <summary>Up to an hour: a receiver that is being deployed, or a rate limit, is over by then.</summary>
    private static readonly TaskOptions Telling = new(new RetryPolicy(
        24, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 2.0, maxRetryInterval: TimeSpan.FromMinutes(5), retryTimeout: TimeSpan.FromHours(1)));

    public override async Task<NotificationReport> RunAsync(TaskOrchestrationContext context, WatchedCapture input)
    {
        for (var look = 0; look < LooksPerTurn; look++)
        {
            var seen = await LookAsync(context, input.CaptureId);
            if (seen.Ending is { } ending)
            {
                return new(await Task.WhenAll(seen.Receivers.Select(receiver => TellAsync(context, new(receiver, ending)))));
            }

            if (seen.Unknown)
            {
                return new([]);
            }

            await context.CreateTimer(PauseIn(input.Turn), CancellationToken.None);
        }

        // What was begun by an earlier version does not know since when: it has its time from here on.
        var now = new DateTimeOffset(context.CurrentUtcDateTime);
        var since = input.Since ?? now;
        if (now - since < CaptureDeadlines.Longest)
        {
            context.ContinueAsNew(input with { Turn = input.Turn + 1, Since = since });
        }

        return new([]);
    }

    /// <summary>Longer from turn to turn: most captures take minutes, those that wait for people or in line take hours.</summary>
    public static TimeSpan PauseIn(int turn)
    {
        var pause = BetweenFirstLooks * Math.Pow(2, Math.Min(turn, 10));
        return pause < BetweenLaterLooks ? pause : BetweenLaterLooks;
    }

    private static async Task<EndingSeen> LookAsync(TaskOrchestrationContext context, string captureId)
    {
        try
        {
            return await context.CallActivityAsync<EndingSeen>(NotificationSteps.ReadEnding, captureId, Looking);
        }
        catch (TaskFailedException)
        {
            // The store did not answer; the next look may.
            return new(null, []);
        }
    }

    private static async Task<Delivery> TellAsync(TaskOrchestrationContext context, Notification notification)
    {
        try
        {
            return await context.CallActivityAsync<Delivery>(NotificationSteps.NotifyEnd, notification, Telling);
        }
        catch (TaskFailedException)
        {
            return new(notification.Receiver, Delivered: false);
        }
    }
}
