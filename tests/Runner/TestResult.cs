namespace CaptureFlow.TestRunner;

/// <param name="Name">As xUnit shows it, with a theory's arguments.</param>
/// <param name="Class">Its full name.</param>
/// <param name="Method">Its name alone.</param>
/// <param name="Outcome">After the second try, if there was one.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Words">The first line of the message of a test that failed, or the reason of one that was skipped; otherwise empty.</param>
internal sealed record TestResult(string Name, string Class, string Method, TestOutcome Outcome, double Seconds, string Words);
