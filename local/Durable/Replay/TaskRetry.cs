using System.Diagnostics.CodeAnalysis;
using Microsoft.DurableTask;
using CoreTaskFailedException = DurableTask.Core.Exceptions.TaskFailedException;

namespace CaptureFlow.Local.Durable.Replay;

/// <summary>
/// Tries a call again as its <see cref="TaskRetryOptions"/> say. Between attempts lies a durable timer, so that a wait of an hour
/// holds nothing and survives a restart.
/// </summary>
internal sealed class TaskRetry(TaskOrchestrationContext context, string name, TaskRetryOptions? options)
{
    /// <summary>Makes the call, and makes it again, until it succeeds or the options say that it is enough.</summary>
    /// <exception cref="TaskFailedException">The last attempt failed.</exception>
    public async Task<CallOutcome> RunAsync(Func<Task<CallOutcome>> call)
    {
        var start = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await call();
            if (outcome.Failure is not { } failure)
            {
                return outcome;
            }

            var again = !failure.NonRetriable && options switch
            {
                { Policy: { } policy } => await WaitAsync(policy, attempt, start, outcome),
                { Handler: { } handler } => await handler(new RetryContext(
                    context, attempt, failure.ToDetails(), context.CurrentUtcDateTime - start, CancellationToken.None)),
                _ => false,
            };
            if (!again)
            {
                throw new TaskFailedException(name, outcome.TaskId, failure.ToDetails());
            }
        }
    }

    private async Task<bool> WaitAsync(RetryPolicy policy, int attempt, DateTime start, CallOutcome outcome)
    {
        if (attempt >= policy.MaxNumberOfAttempts || IsExpired(policy, start) || !Handles(policy, outcome))
        {
            return false;
        }

        await context.CreateTimer(Delay(policy, attempt), CancellationToken.None);
        return true;
    }

    private bool IsExpired(RetryPolicy policy, DateTime start)
        => policy.RetryTimeout >= TimeSpan.Zero && context.CurrentUtcDateTime - start >= policy.RetryTimeout;

    // The policy keeps its HandleFailure behind Handle, which knows the core framework's exception only.
    [SuppressMessage("Design", "CA1031", Justification = "A handler that fails must not hide the failure that it was asked about.")]
    private bool Handles(RetryPolicy policy, CallOutcome outcome)
    {
        var core = new CoreTaskFailedException(outcome.TaskId, outcome.TaskId, name, string.Empty, outcome.Failure!.Message, null!)
        {
            FailureDetails = outcome.Failure.ToCore(),
        };
        try
        {
            return policy.Handle(core);
        }
        catch (Exception)
        {
            return false;
        }
    }

    private static TimeSpan Delay(RetryPolicy policy, int attempt)
    {
        var milliseconds = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
        var longest = policy.MaxRetryInterval >= TimeSpan.Zero ? policy.MaxRetryInterval : TimeSpan.MaxValue;
        return milliseconds < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : longest;
    }
}
