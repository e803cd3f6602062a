using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>What a walk through a file came to.</summary>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Summary">What was found; null when the file is no classic pcap.</param>
/// <param name="Problem">Why the file is none, or why the walk stopped before its end; null when nothing is wrong but perhaps a cut last record.</param>
public sealed record PcapWalk(long Bytes, PcapSummary? Summary, string? Problem);
