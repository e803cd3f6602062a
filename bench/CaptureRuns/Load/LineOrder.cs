namespace CaptureFlow.CaptureRuns;

/// <summary>Whether the first to come were the first to be served.</summary>
internal static class LineOrder
{
    /// <summary>
    /// The largest number of captures that came later than one and were let in sooner. <paramref name="letIn"/> has the moments of being let in, in
    /// the order of coming; what was let in at the same moment has overtaken nobody.
    /// </summary>
    public static int LargestOvertaking(IReadOnlyList<DateTimeOffset> letIn) =>
        letIn.Count == 0 ? 0 : letIn.Select((moment, index) => letIn.Skip(index + 1).Count(later => later < moment)).Max();

    /// <summary>The largest number of captures that held their place at the same time.</summary>
    public static int LargestAtOnce(IEnumerable<(DateTimeOffset From, DateTimeOffset Until)> spans)
    {
        var (now, most) = (0, 0);

        // An end at the same moment as a beginning goes first.
        foreach (var change in spans.SelectMany(span => ((DateTimeOffset At, int By)[])[(span.From, 1), (span.Until, -1)]).OrderBy(change => change.At).ThenBy(change => change.By))
        {
            now += change.By;
            most = Math.Max(most, now);
        }

        return most;
    }
}
