namespace CaptureFlow.Orchestrations;

/// <summary>A triage card in one line: small enough to be passed on.</summary>
/// <param name="Summary">The card's summary, at most <see cref="LongestSummary"/> characters.</param>
/// <param name="Errors">Findings of things that did not work.</param>
/// <param name="Warnings">Findings of things that worked badly.</param>
/// <param name="Notes">Findings that are worth knowing beside the others.</param>
public sealed record TriageInShort(string Summary, int Errors, int Warnings, int Notes)
{
    public const int LongestSummary = 600;
}
