namespace CaptureFlow.Analysis;

/// <summary>Something that the packets show, with the packets that show it.</summary>
/// <param name="Code">Its kind, stable across releases.</param>
/// <param name="Severity">How much it deserves to be looked at first.</param>
/// <param name="Says">What was seen, in one sentence.</param>
/// <param name="Means">What it usually means.</param>
/// <param name="Subject">Between whom, or of what: <c>10.0.0.1 → 10.0.0.2:80</c>, a name that was asked for.</param>
/// <param name="Count">How often.</param>
/// <param name="Packets">The first of the packets, numbered as Wireshark does.</param>
/// <param name="FirstAt">UTC, by the capturing node's clock; null of a file without packets.</param>
/// <param name="LastAt">As the first.</param>
public sealed record Finding(
    string Code,
    FindingSeverity Severity,
    string Says,
    string Means,
    string Subject,
    long Count,
    IReadOnlyList<long> Packets,
    DateTimeOffset? FirstAt,
    DateTimeOffset? LastAt)
{
    /// <summary>Tells findings of the same code and subject apart; <see cref="Says"/> has it in words.</summary>
    internal string? Variant { get; init; }
}
