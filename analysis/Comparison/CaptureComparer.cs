namespace CaptureFlow.Analysis;

/// <summary>Compares two captures by the findings of their cards: same kind, same subject, same detail.</summary>
public static class CaptureComparer
{
    /// <summary>Differences of one kind that are shown.</summary>
    private const int MostOfKind = 10;

    /// <summary>For each packet, so that a long capture can be compared with a short one.</summary>
    private const double MuchMoreOften = 2;

    /// <summary>Two instead of one is chance.</summary>
    private const long FewestMore = 3;

    /// <summary>
    /// How to analyze files that are to be compared: a finding that is left out of a card would seem to be missing from its capture.
    /// </summary>
    public static AnalysisOptions Options(TimeSpan longest) => new() { Rows = FindingBook.MostSubjects + 1, Longest = longest };

    /// <param name="a">The card of the first capture, made with <see cref="Options"/>.</param>
    /// <param name="b">The card of the second.</param>
    public static CaptureDifference Compare(TriageCard a, TriageCard b)
    {
        var difference = a.File.Format is null || b.File.Format is null ? new() { Summary = "", A = a.File, B = b.File } : ByFindings(a, b);
        return difference with { Summary = DifferenceSummary.Of(difference) };
    }

    private static CaptureDifference ByFindings(TriageCard a, TriageCard b)
    {
        var (inA, inB) = (a.Findings.ToDictionary(KeyOf), b.Findings.ToDictionary(KeyOf));
        var both = b.Findings.Where(finding => inA.ContainsKey(KeyOf(finding))).ToList();
        var changed = both
            .Select(finding => ChangeOf(inA[KeyOf(finding)], finding, PacketsOf(a), PacketsOf(b)))
            .OfType<FindingChange>()
            .ToList();
        var (onlyInA, onlyInB) = (OnlyIn(a, inB, b).ToList(), OnlyIn(b, inA, a).ToList());
        Dictionary<string, int> leftOut = [];
        return new()
        {
            Summary = "",
            A = a.File,
            B = b.File,
            OnlyInA = Bounded(onlyInA, one => one.Finding.Code, leftOut),
            OnlyInACount = onlyInA.Count,
            OnlyInB = Bounded(onlyInB, one => one.Finding.Code, leftOut),
            OnlyInBCount = onlyInB.Count,
            Changed = Bounded(changed, change => change.B.Code, leftOut),
            ChangedCount = changed.Count,
            Alike = both.Count - changed.Count,
            LeftOut = leftOut,
            Measures = [.. ComparedMeasures.Of(a, b)],
            CannotSay = [.. CannotSay("A", a), .. CannotSay("B", b)],
        };
    }

    private static (string Code, string Subject, string? Variant) KeyOf(Finding finding) =>
        (finding.Code, finding.Subject, finding.Variant);

    private static long PacketsOf(TriageCard card) => Math.Max(1, card.File.Packets - card.File.OwnPackets);

    private static IEnumerable<OneSidedFinding> OnlyIn(
        TriageCard card,
        Dictionary<(string Code, string Subject, string? Variant), Finding> inOther,
        TriageCard other) =>
        card.Findings
            .Where(finding => !inOther.ContainsKey(KeyOf(finding)))
            .Select(finding => new OneSidedFinding(
                finding,
                other.Findings.Where(its => its.Code == finding.Code).Sum(its => its.Count)));

    private static FindingChange? ChangeOf(Finding a, Finding b, long packetsOfA, long packetsOfB)
    {
        var factor = (double)b.Count / packetsOfB / ((double)a.Count / packetsOfA);
        return factor is >= MuchMoreOften or <= 1 / MuchMoreOften && Math.Abs(a.Count - b.Count) >= FewestMore
            ? new(a, b, factor)
            : null;
    }

    private static List<T> Bounded<T>(IEnumerable<T> all, Func<T, string> codeOf, Dictionary<string, int> leftOut)
    {
        List<T> kept = [];
        foreach (var kind in all.GroupBy(codeOf))
        {
            kept.AddRange(kind.Take(MostOfKind));
            if (kind.Skip(MostOfKind).Count() is > 0 and var more)
            {
                leftOut[kind.Key] = leftOut.GetValueOrDefault(kind.Key) + more;
            }
        }

        return kept;
    }

    private static IEnumerable<string> CannotSay(string name, TriageCard card)
    {
        if (card.File.Problem is { } problem)
        {
            yield return $"{name}: what comes after packet {card.File.Packets}: {problem}";
        }

        foreach (var finding in card.Findings.Where(finding => finding.Subject == FindingBook.Others))
        {
            const string Means = "has too many subjects to tell all of them apart. One that seems to be missing may be among the others.";
            yield return $"{name}: `{finding.Code}` {Means}";
        }

        foreach (var sentence in card.CannotSay)
        {
            yield return $"{name}: {sentence}";
        }
    }
}
