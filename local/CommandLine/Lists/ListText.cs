using System.Globalization;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Captures as a table, newest order first. Its columns are as wide as what stands in them, within a bound.</summary>
internal static class ListText
{
    private const int WidestCell = 48;
    private static readonly string[] Heads = ["ID", "ORDERED", "POD", "STATUS", "VERDICT", "BYTES", "BY"];

    public static void Write(IEnumerable<CaptureStatus> captures, TextWriter output)
    {
        List<string[]> rows = [Heads, .. captures.OrderByDescending(capture => capture.CreatedAt).Select(Row)];
        var widths = Heads.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            // Numbers are compared by their right ends.
            var cells = row.Select((cell, column) =>
                Heads[column] == "BYTES" ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }

        output.Flush();
    }

    private static string[] Row(CaptureStatus capture) =>
    [
        capture.Id,
        capture.CreatedAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-",
        Cell(capture.Order?.Target?.ToString()),
        CaptureWords.Of(capture.Status),
        (capture.Verdict ?? capture.Evidence?.Verdict)?.ToString() ?? "-",
        (capture.Evidence?.Bytes ?? capture.Progress?.Bytes) is { } bytes ? Wording.Of(bytes) : "-",
        Cell(capture.Order?.RequestedBy),
    ];

    // A line break within a name would make a row of its own.
    private static string Cell(string? text)
    {
        var line = string.IsNullOrEmpty(text) ? "-" : text.Replace('\n', ' ').Replace('\t', ' ');
        return line.Length <= WidestCell ? line : line[..(WidestCell - 1)] + "…";
    }
}
