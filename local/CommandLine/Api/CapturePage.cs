namespace CaptureFlow.Local.CommandLine;

/// <summary>One page of <c>GET /api/captures</c>.</summary>
/// <param name="Captures">May be short or empty.</param>
/// <param name="ContinuationToken">Null on the last page.</param>
internal sealed record CapturePage(IReadOnlyList<ShownCapture> Captures, string? ContinuationToken);
