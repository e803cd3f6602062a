namespace CaptureFlow.Analysis;

/// <summary>The difference in one line.</summary>
internal static class DifferenceSummary
{
    public static string Of(CaptureDifference difference)
    {
        if ((Unreadable("A", difference.A) ?? Unreadable("B", difference.B)) is { } unreadable)
        {
            return unreadable;
        }

        if (difference is { OnlyInA: [], OnlyInB: [], Changed: [] })
        {
            return difference.Alike == 0
                ? "Nothing was found in either capture."
                : $"No difference: both captures have the same {Words.Count(difference.Alike, "finding")}, about as often.";
        }

        string?[] parts =
        [
            OneSided("B", "A", difference.OnlyInB, difference.OnlyInBCount),
            OneSided("A", "B", difference.OnlyInA, difference.OnlyInACount),
            difference.ChangedCount == 0 ? null : $"{Words.Count(difference.ChangedCount, "finding")} of both much more frequent in one",
        ];
        return $"{string.Join("; ", parts.OfType<string>())}.";
    }

    private static string? Unreadable(string name, FileFacts file) =>
        file.Format is null ? $"{name} is not a capture file: {file.Problem}" : null;

    private static string? OneSided(string name, string other, IReadOnlyList<OneSidedFinding> findings, int count)
    {
        if (findings is not [var (worst, _), ..])
        {
            return null;
        }

        return $"{name} has {Words.Count(count, "finding")} that {other} does not have, the worst: {worst.Says} ({worst.Subject})";
    }
}
