namespace CaptureFlow.Sites.Kubernetes;

/// <summary>How an exec ended.</summary>
/// <param name="End">Whether the server said that it ended, or it was cut.</param>
/// <param name="ExitCode">Of the command; null when it was cut, or never started.</param>
/// <param name="Bytes">Bytes handed to the sink.</param>
/// <param name="Errors">The end of what the command wrote to stderr.</param>
/// <param name="Words">What the server or the transport said.</param>
internal sealed record ExecOutcome(ExecEnd End, int? ExitCode, long Bytes, string Errors, string Words);

/// <summary>Whether an exec ended or was cut.</summary>
internal enum ExecEnd
{
    /// <summary>The status frame came: the command ended, and everything that it wrote was received.</summary>
    Exited,

    /// <summary>The stream ended without the status frame: whatever arrived may be a part.</summary>
    Truncated,

    /// <summary>No frame came for too long.</summary>
    Stalled,

    /// <summary>The stream took too long as a whole.</summary>
    TimedOut,
}
