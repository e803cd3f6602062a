using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Reaping;

/// <summary>Every hour, and so soon after midnight (UTC): signs the head of the day that ended, unless a host has already. Without a key, nothing.</summary>
public sealed partial class SealDayFunction(CustodyDaySealer sealer, TimeProvider time, ILogger<SealDayFunction> logger)
{
    /// <summary>Half of what a function may take (functionTimeout in host.json). A day that is not sealed by then is tried again in the next hour.</summary>
    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(5);

    [Function("SealDay")]
    [AlsoAtStart]
    public async Task RunAsync([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        using CancellationTokenSource cap = new(Cap, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        try
        {
            await sealer.SealAsync(either.Token);
        }
        catch (StoreRefusedException refusal)
        {
            Log.NotSealed(logger, $"{refusal.Fault.Message} {refusal.Fault.Detail}");
        }
        catch (StepUnavailableException away)
        {
            Log.NotSealed(logger, away.Message);
        }
        catch (OperationCanceledException) when (cap.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Log.NotSealed(logger, $"it took more than {Cap.TotalMinutes:0} minutes");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3111, LogLevel.Warning, "The head of the last day is not signed; it will be tried again in an hour: {Why}")]
        public static partial void NotSealed(ILogger logger, string why);
    }
}
