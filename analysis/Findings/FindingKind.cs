namespace CaptureFlow.Analysis;

/// <summary>A kind of finding.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Severity">How much it deserves to be looked at first.</param>
/// <param name="Says">What was seen, of one subject.</param>
/// <param name="Means">What it usually means.</param>
internal sealed record FindingKind(string Code, FindingSeverity Severity, Func<FindingGroup, string> Says, string Means);
