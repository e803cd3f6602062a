namespace CaptureFlow.Analysis;

/// <summary>What a conversion to pcapng came to.</summary>
/// <param name="Packets">Packets written, all whole ones of the source.</param>
/// <param name="Problem">Why the source could not be read to its end; null when it was.</param>
public sealed record PcapngTally(long Packets, string? Problem);
