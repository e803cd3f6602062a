namespace CaptureFlow.EndToEnd.Tests.Errors;

/// <summary>The table of docs/errors.md, as a user reads it.</summary>
internal static class ErrorTable
{
    public static IReadOnlyList<ErrorRow> Rows { get; } = Read();

    private static List<ErrorRow> Read() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "docs", "errors.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new ErrorRow(cells[0].Trim('`'), [.. cells[1].Split(", ")], cells[2..])),
    ];
}

/// <summary>One row.</summary>
/// <param name="Code">The code.</param>
/// <param name="Where">HTTP statuses and status words of captures that it surfaces with.</param>
/// <param name="Texts">What happened, what it means, what to do.</param>
internal sealed record ErrorRow(string Code, IReadOnlyList<string> Where, IReadOnlyList<string> Texts);
