using System.Diagnostics;
using CaptureFlow.Local.Durable;

namespace CaptureFlow.FaultHost;

/// <summary>What the variables make of the durable engine.</summary>
internal static class EngineFaults
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    public static DurableEngineOptions Apply(DurableEngineOptions options, Func<string, string?> faults)
    {
        if (faults("FAULTHOST_DIES") == "1")
        {
            options = options with { Kept = Die };
        }

        return faults("FAULTHOST_HISTORY") is { } file
            ? options with { DatabasePath = file, SharedDatabase = true, RenewLeases = false, ActivityLease = Lease, PollInterval = TimeSpan.FromMilliseconds(200) }
            : options;
    }

    private static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        // The signal takes effect when this thread next leaves the kernel: it must do nothing more.
        Thread.Sleep(Timeout.Infinite);
    }
}
