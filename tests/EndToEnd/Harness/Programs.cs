namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>Where the programs are that tests start: compiled ahead of time when the script did that (tests/Programs), otherwise as they were built.</summary>
internal static class Programs
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("CAPTUREFLOW_PROGRAMS") is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;
}
