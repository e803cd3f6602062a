namespace CaptureFlow.Functions.Telemetry;

/// <summary>How a capture ends that leaves no evidence; beside the verdicts in <see cref="MetricNames.CapturesFinished"/>.</summary>
internal static class Endings
{
    public const string Refused = nameof(Refused);
    public const string Cancelled = nameof(Cancelled);

    /// <summary>The same word as the verdict: either way there is nothing to look at.</summary>
    public const string Failed = nameof(Orchestrations.Verdict.Failed);
}
