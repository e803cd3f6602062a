using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Stands for one target from the order of an alert to the end of its cool-down. Its instance id derives from the target, and the store makes
/// an instance once: that is what turns a storm of alerts, on however many hosts, into one capture.
/// </summary>
/// <remarks>Nothing starts it any more, <see cref="AlertTargetOrchestratorV2"/> has taken its place; it stays for instances under way. The sequence of calls is a contract with running instances: a changed one needs a new name.</remarks>
public sealed class AlertTargetOrchestrator : TaskOrchestrator<AlertOrder, StartedOrder>
{
    private static readonly TaskOptions Retry = new(new RetryPolicy(6, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2.0));

    public override async Task<StartedOrder> RunAsync(TaskOrchestrationContext context, AlertOrder input)
    {
        var until = context.CurrentUtcDateTime + input.CoolDown;
        try
        {
            var started = await context.CallActivityAsync<StartedOrder>(AlertSteps.StartOrder, input, Retry);
            await context.CreateTimer(until, CancellationToken.None);
            return started;
        }
        catch (TaskFailedException)
        {
            // Nothing was started, so there is nothing to cool down from: the next alert tries again.
            return new(null);
        }
    }
}
