using System.Runtime.InteropServices;

namespace CaptureFlow.Sandbox.Workloads;

/// <summary>Runs a workload until it is told to end.</summary>
internal static class Workload
{
    internal static async Task<int> RunAsync(Func<CancellationToken, Task> run)
    {
        using var ending = new CancellationTokenSource();
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            ending.Cancel();
        });
        try
        {
            await run(ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Asked to end.
        }

        return 0;
    }
}
