namespace CaptureFlow.Functions.Telemetry;

/// <summary>How one run of a step ended, in metrics and traces.</summary>
internal static class StepOutcomes
{
    public const string Done = "done";

    /// <summary>An expected failure: the step said what is wrong.</summary>
    public const string Faulted = "faulted";

    /// <summary>It threw; the orchestration repeats it.</summary>
    public const string Threw = "threw";

    /// <summary>The host is stopping; the step runs again elsewhere.</summary>
    public const string Interrupted = "interrupted";
}
