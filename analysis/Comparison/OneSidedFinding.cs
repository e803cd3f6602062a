namespace CaptureFlow.Analysis;

/// <summary>A finding of one capture that the other does not have of the same subject.</summary>
/// <param name="Finding">As its capture's card says it; its packets are numbered in that file.</param>
/// <param name="OfOthers">How often the other capture has the same kind of other subjects; 0 when the kind is new.</param>
public sealed record OneSidedFinding(Finding Finding, long OfOthers);
