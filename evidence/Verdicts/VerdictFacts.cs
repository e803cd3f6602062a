using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>All that the verdict depends on.</summary>
/// <param name="Plan">What was to be done.</param>
/// <param name="Tapped">The tap's account; null when it gave none.</param>
/// <param name="Retrieved">What the transfer said of the file; null when there was no transfer.</param>
/// <param name="Walk">What reading the file back found; null when there is no file.</param>
/// <param name="Sha256">Of the file as read back; null when there is none.</param>
/// <param name="Faults">What went wrong on the way.</param>
public sealed record VerdictFacts(
    CapturePlan Plan, TapSummary? Tapped, RetrievedFile? Retrieved, PcapWalk? Walk, string? Sha256, IReadOnlyList<CaptureFault> Faults);
