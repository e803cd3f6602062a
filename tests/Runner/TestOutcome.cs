namespace CaptureFlow.TestRunner;

/// <summary>What came of one test.</summary>
internal enum TestOutcome
{
    Passed,
    Failed,
    Skipped,

    /// <summary>It failed, and passed when it was run once more by itself.</summary>
    Flaky,
}
