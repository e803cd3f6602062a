using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Stands for one target from the order of an alert to the end of its cool-down, or until the order is refused: nothing was captured then, and the next
/// alert may be luckier. Its instance id derives from the target, and the store makes an instance once: that is what turns a storm of alerts, on however
/// many hosts, into one capture.
/// </summary>
/// <remarks>The sequence of calls is a contract with running instances: a changed one needs a new name.</remarks>
public sealed class AlertTargetOrchestratorV2 : TaskOrchestrator<AlertOrder, StartedOrder>
{
    private static readonly TaskOptions Retry = new(new RetryPolicy(6, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2.0));

    /// <summary>A plan is made within seconds, but may then wait for hours for a place in line, and be refused there.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public override async Task<StartedOrder> RunAsync(TaskOrchestrationContext context, AlertOrder input)
    {
        var until = context.CurrentUtcDateTime + input.CoolDown;
        try
        {
            var started = await context.CallActivityAsync<StartedOrder>(AlertSteps.StartOrder, input, Retry);
            for (var pause = TimeSpan.FromSeconds(1); context.CurrentUtcDateTime + pause < until; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                await context.CreateTimer(context.CurrentUtcDateTime + pause, CancellationToken.None);
                var seen = await context.CallActivityAsync<SeenOrder>(AlertSteps.LookAtOrder, input.CaptureId, Retry);
                if (seen.Outcome == OrderOutcome.Refused)
                {
                    return started;
                }

                if (seen.Outcome == OrderOutcome.Begun)
                {
                    break;
                }
            }

            await context.CreateTimer(until, CancellationToken.None);
            return started;
        }
        catch (TaskFailedException)
        {
            // Nothing was started, or nothing is known of it: there is nothing to cool down from, and the next alert tries again.
            return new(null);
        }
    }
}
