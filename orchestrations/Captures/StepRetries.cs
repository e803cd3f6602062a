using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// How often a step that threw is repeated. Expected failures are results and are not repeated; what is thrown is an unreachable cluster or
/// store, a killed host, or a defect. Intervals are short at first because a restarted host or API server is back within seconds.
/// </summary>
internal static class StepRetries
{
    /// <param name="step">One of <see cref="CaptureSteps"/>.</param>
    /// <param name="failed">Told of each attempt that threw, as it happens; the sequence of calls stays as it is.</param>
    public static TaskOptions For(string step, Action<TaskFailureDetails>? failed = null) => step switch
    {
        CaptureSteps.ObserveCapture => new TaskOptions(),
        CaptureSteps.RevokePermission => Retry(step, attempts: 12, longest: TimeSpan.FromMinutes(1), failed),
        CaptureSteps.AddProof => Retry(step, attempts: 40, longest: TimeSpan.FromMinutes(1)),
        CaptureSteps.RetrieveCapture or CaptureSteps.StoreCapture => Retry(step, attempts: 10, longest: TimeSpan.FromSeconds(30)),
        CaptureSteps.FinishCapture => Retry(step, attempts: 8, longest: TimeSpan.FromSeconds(15)),
        _ => Retry(step, attempts: 4, longest: TimeSpan.FromSeconds(5)),
    };

    /// <summary>After this, a step that throws is not repeated any more.</summary>
    public static TimeSpan Within(string step) => step switch
    {
        CaptureSteps.RevokePermission or CaptureSteps.AddProof => TimeSpan.FromMinutes(30),
        CaptureSteps.RetrieveCapture or CaptureSteps.StoreCapture => TimeSpan.FromMinutes(12),
        CaptureSteps.FinishCapture => TimeSpan.FromMinutes(8),
        _ => TimeSpan.FromMinutes(4),
    };

    private static TaskOptions Retry(string step, int attempts, TimeSpan longest, Action<TaskFailureDetails>? failed = null) =>
        new(new RetryPolicy(attempts, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2.0, maxRetryInterval: longest, retryTimeout: Within(step))
        {
            HandleFailure = failure =>
            {
                failed?.Invoke(failure);
                return true;
            },
        });
}
