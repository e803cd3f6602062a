namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The bounds of an exec stream.</summary>
/// <param name="Time">Longest whole stream.</param>
/// <param name="Stall">Longest wait for the next frame on any channel.</param>
internal sealed record ExecLimits(TimeSpan Time, TimeSpan Stall);
