using CaptureFlow.Analysis;

namespace CaptureFlow.Functions.Triage;

/// <summary>One finding of a <see cref="KeptCard"/>.</summary>
/// <param name="Code">Its kind.</param>
/// <param name="Severity">How much it deserves to be looked at first.</param>
/// <param name="Says">What was seen.</param>
/// <param name="Means">What it usually means.</param>
/// <param name="Subject">Between whom, or of what.</param>
/// <param name="Count">How often.</param>
/// <param name="Packets">The first of the packets, numbered as Wireshark does.</param>
public sealed record KeptFinding(
    string Code, FindingSeverity Severity, string Says, string Means, string Subject, long Count, IReadOnlyList<long> Packets);
