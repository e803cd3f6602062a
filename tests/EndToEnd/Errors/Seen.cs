using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Errors;

/// <summary>What a caller was told.</summary>
/// <param name="Where">HTTP status of a problem, status word of a capture, or <c>log</c>.</param>
/// <param name="Faults">The faults.</param>
internal sealed record Seen(string Where, IReadOnlyList<CaptureFault> Faults);
