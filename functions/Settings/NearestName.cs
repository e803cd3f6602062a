namespace CaptureFlow.Functions.Settings;

/// <summary>Finds what somebody meant who misspelt a name.</summary>
internal static class NearestName
{
    /// <returns>The known name that fewest edits (a character put in, taken out or replaced) lead to; null when none is near.</returns>
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

    // Levenshtein's distance, a row at a time.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
