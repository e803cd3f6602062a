using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// How often a step that threw is repeated. Expected failures are results and are not repeated; what is thrown is an unreachable cluster or
/// store, a killed host, or a defect. Intervals are short at first because a restarted host or API server is back within seconds.
/// </summary>
internal static class StepRetries
{
    public static TaskOptions For(string step) => step switch
    {
        CaptureSteps.ObserveCapture => new TaskOptions(),
        CaptureSteps.RevokePermission => Retry(attempts: 12, longest: TimeSpan.FromMinutes(1), within: TimeSpan.FromMinutes(30)),
        CaptureSteps.RetrieveCapture or CaptureSteps.StoreCapture => Retry(attempts: 10, longest: TimeSpan.FromSeconds(30), within: TimeSpan.FromMinutes(12)),
        CaptureSteps.FinishCapture => Retry(attempts: 8, longest: TimeSpan.FromSeconds(15), within: TimeSpan.FromMinutes(8)),
        _ => Retry(attempts: 4, longest: TimeSpan.FromSeconds(5), within: TimeSpan.FromMinutes(4)),
    };

    private static TaskOptions Retry(int attempts, TimeSpan longest, TimeSpan within) =>
        new(new RetryPolicy(attempts, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2.0, maxRetryInterval: longest, retryTimeout: within));
}
