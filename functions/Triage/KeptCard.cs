using System.Text.Json;
using CaptureFlow.Analysis;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Triage;

/// <summary>The part of a stored card that is shown elsewhere, and that cards of all versions have.</summary>
public sealed record KeptCard
{
    public required string Summary { get; init; }

    /// <summary>The worst first.</summary>
    public IReadOnlyList<KeptFinding> Findings { get; init; } = [];

    /// <summary>Of how many subjects more each kind of finding was made.</summary>
    public IReadOnlyDictionary<string, int> FindingsLeftOut { get; init; } = new Dictionary<string, int>();

    /// <returns>Null for what is not a card.</returns>
    public static KeptCard? TryRead(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<KeptCard>(json, CaptureJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>How many findings there are of a severity, those that the card leaves out included.</summary>
    public int Count(FindingSeverity severity)
    {
        var listed = Findings.Where(finding => finding.Severity == severity).ToList();
        return listed.Count + listed.Select(finding => finding.Code).Distinct().Sum(code => FindingsLeftOut.GetValueOrDefault(code));
    }

    /// <summary>The findings as comments on their packets.</summary>
    public IReadOnlyDictionary<long, IReadOnlyList<string>> Comments() =>
        PacketComments.From(Findings.Select(f => (f.Severity, f.Code, f.Subject, f.Says, f.Packets)));

    public TriageInShort InShort() => new(
        Summary.Length <= TriageInShort.LongestSummary ? Summary : $"{Summary.AsSpan(0, TriageInShort.LongestSummary - 1)}…",
        Count(FindingSeverity.Error),
        Count(FindingSeverity.Warning),
        Count(FindingSeverity.Note));
}
