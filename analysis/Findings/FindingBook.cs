namespace CaptureFlow.Analysis;

/// <summary>Collects what is found, by kind and subject, within bounds.</summary>
internal sealed class FindingBook
{
    /// <summary>Subjects that are told apart; the rest is counted together.</summary>
    public const int MostSubjects = 1_000;

    public const string Others = "others";

    private readonly Dictionary<FindingKind, Dictionary<string, FindingGroup>> _groups = [];

    /// <summary>The group of a subject, to be added to.</summary>
    /// <param name="kind">What was found.</param>
    /// <param name="subject">Of what.</param>
    /// <param name="variant">Which of several things of the same kind, to be told apart of one subject: it is the group's detail.</param>
    public FindingGroup Of(FindingKind kind, string subject, string? variant = null)
    {
        if (!_groups.TryGetValue(kind, out var ofKind))
        {
            _groups.Add(kind, ofKind = new(StringComparer.Ordinal));
        }

        var key = variant is null ? subject : $"{subject}\n{variant}";
        if (ofKind.TryGetValue(key, out var group))
        {
            return group;
        }

        (key, subject) = ofKind.Count < MostSubjects ? (key, subject) : (Others, Others);
        if (!ofKind.TryGetValue(key, out group))
        {
            ofKind.Add(key, group = new(subject, subject == Others ? null : variant));
        }

        return group;
    }

    public FindingGroup NoteVariant(FindingKind kind, string subject, string variant, Moment at)
    {
        var group = Of(kind, subject, variant);
        group.Seen.Add(at.Number, at.Time);
        return group;
    }

    public FindingGroup Note(FindingKind kind, string subject, Moment at, string? detail = null)
    {
        var group = Of(kind, subject);
        group.Seen.Add(at.Number, at.Time);
        group.Detail ??= detail;
        return group;
    }

    public FindingGroup Note(FindingKind kind, string subject, in Occurrences seen)
    {
        var group = Of(kind, subject);
        group.Seen.Add(seen);
        return group;
    }

    /// <summary>The worst first, and of each kind the most frequent; at most so many of a kind.</summary>
    /// <returns>The findings, and of each kind how many subjects were left out.</returns>
    public (IReadOnlyList<Finding> Findings, IReadOnlyDictionary<string, int> LeftOut) Close(int mostOfKind)
    {
        List<Finding> findings = [];
        Dictionary<string, int> leftOut = [];
        foreach (var (kind, groups) in _groups.OrderBy(of => of.Key.Severity).ThenByDescending(of => of.Value.Values.Sum(group => group.Seen.Count)).ThenBy(of => of.Key.Code, StringComparer.Ordinal))
        {
            findings.AddRange(groups.Values
                .OrderByDescending(group => group.Seen.Count).ThenBy(group => group.Seen.FirstTime)
                .ThenBy(group => group.Subject, StringComparer.Ordinal).ThenBy(group => group.Detail, StringComparer.Ordinal)
                .Take(mostOfKind)
                .Select(group => group.ToFinding(kind)));
            if (groups.Count > mostOfKind)
            {
                leftOut[kind.Code] = groups.Count - mostOfKind;
            }
        }

        return (findings, leftOut);
    }
}
