namespace CaptureFlow.Orchestrations;

/// <summary>Finds what somebody meant who misspelt a name.</summary>
public static class NearestName
{
    /// <returns>The known name that fewest edits (a character put in, taken out or replaced, two neighbours that changed places) lead to; null when none is near.</returns>
    /// <param name="name">As it was written; case does not matter.</param>
    /// <param name="known">What there is.</param>
    public static string? Of(string name, IEnumerable<string> known) => known
        .Select(one => (Name: one, Edits: Edits(name.ToUpperInvariant(), one.ToUpperInvariant())))
        // Up to a third of it: enough for a slip or two, and short names do not resemble everything.
        .Where(one => one.Edits <= Math.Max(1, one.Name.Length / 3))
        .OrderBy(one => one.Edits)
        .ThenBy(one => one.Name, StringComparer.Ordinal)
        .Select(one => one.Name)
        .FirstOrDefault();

    // The optimal string alignment distance, three rows at a time.
    private static int Edits(string from, string to)
    {
        var (before, last, row) = (new int[to.Length + 1], new int[to.Length + 1], Enumerable.Range(0, to.Length + 1).ToArray());
        for (var i = 1; i <= from.Length; i++)
        {
            (before, last, row) = (last, row, before);
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                row[j] = Math.Min(last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1), Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }
        }

        return row[to.Length];
    }
}
