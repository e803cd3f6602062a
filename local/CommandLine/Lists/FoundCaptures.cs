namespace CaptureFlow.Local.CommandLine;

/// <summary>What a search came to.</summary>
/// <param name="Captures">In the server's order, each once.</param>
/// <param name="More">The search ended at its limit; there may be more.</param>
internal sealed record FoundCaptures(IReadOnlyList<ShownCapture> Captures, bool More);
