using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// The third net under a grant, after the in-line revoke and its expiry: every minute takes back what is past its expiry, from what the
/// cluster itself says. Knows nothing of orchestrations, so it works with their store wiped. A host that comes back after a crash looks first.
/// </summary>
public sealed class ReaperFunction(Sweeper sweeper)
{
    [Function("Reaper")]
    [AlsoAtStart]
    public Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        return sweeper.SweepAsync(timer.IsPastDue, cancellationToken);
    }
}
