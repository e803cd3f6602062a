using System.Globalization;
using System.Text;

namespace CaptureFlow.Analysis;

/// <summary>The difference as text, to be read on a terminal or shown as Markdown.</summary>
public static class DifferenceMarkdown
{
    /// <summary>Ends with a line feed. What comes out of packets is in code spans, and holds nothing that ends one.</summary>
    /// <param name="difference">The difference.</param>
    public static string Write(CaptureDifference difference)
    {
        StringBuilder text = new();
        CardMarkdown.AddLine(text, $"# {difference.Summary}\n");
        CardMarkdown.AddLine(text, $"- A: {CardMarkdown.File(difference.A)}");
        CardMarkdown.AddLine(text, $"- B: {CardMarkdown.File(difference.B)}");
        AddOneSided(text, "Only in B", "A", difference.OnlyInB);
        AddOneSided(text, "Only in A", "B", difference.OnlyInA);
        AddChanged(text, difference.Changed);
        AddRest(text, difference);
        AddMeasures(text, difference.Measures);
        if (difference.CannotSay.Count > 0)
        {
            CardMarkdown.AddLine(text, "\n## What this comparison cannot say\n");
            foreach (var sentence in difference.CannotSay)
            {
                CardMarkdown.AddLine(text, $"- {sentence}");
            }
        }

        return text.ToString();
    }

    private static void AddOneSided(StringBuilder text, string title, string other, IReadOnlyList<OneSidedFinding> findings)
    {
        if (findings.Count == 0)
        {
            return;
        }

        CardMarkdown.AddLine(text, $"\n## {title}\n");
        foreach (var (finding, ofOthers) in findings)
        {
            CardMarkdown.AddFinding(text, finding);
            if (ofOthers > 0)
            {
                CardMarkdown.AddLine(text, $"  {other} has this kind of finding for other subjects, {Words.Count(ofOthers, "time")}.");
            }
        }
    }

    private static void AddChanged(StringBuilder text, IReadOnlyList<FindingChange> changes)
    {
        if (changes.Count == 0)
        {
            return;
        }

        CardMarkdown.AddLine(text, "\n## In both, but much more frequent in one\n");
        foreach (var (a, b, factor) in changes)
        {
            var (times, where) = factor >= 1 ? (factor, "B") : (1 / factor, "A");
            var often = string.Create(CultureInfo.InvariantCulture, $"{times:0.#} times as frequent in {where}, for each packet");
            CardMarkdown.AddLine(text, $"- **{b.Severity}** `{b.Subject}`: {often} (`{b.Code}`)");
            CardMarkdown.AddLine(text, $"  A: {a.Says}{CardMarkdown.Packets(a)}");
            CardMarkdown.AddLine(text, $"  B: {b.Says}{CardMarkdown.Packets(b)}");
        }
    }

    private static void AddRest(StringBuilder text, CaptureDifference difference)
    {
        if (difference.LeftOut.Count + difference.Alike == 0)
        {
            return;
        }

        CardMarkdown.AddLine(text, "\n## The rest\n");
        foreach (var (code, count) in difference.LeftOut)
        {
            CardMarkdown.AddLine(text, $"- `{code}` differs in {Words.Count(count, "subject")} more");
        }

        if (difference.Alike > 0)
        {
            CardMarkdown.AddLine(text, $"- {Words.Count(difference.Alike, "finding")} of both, about as often in each");
        }
    }

    private static void AddMeasures(StringBuilder text, IReadOnlyList<MeasureRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        CardMarkdown.AddLine(text, "\n## Side by side\n");
        CardMarkdown.AddLine(text, "| measure | A | B |");
        CardMarkdown.AddLine(text, "|---|---|---|");
        foreach (var row in rows)
        {
            CardMarkdown.AddLine(text, $"| {row.Name} | {Value(row.A, row.Unit)} | {Value(row.B, row.Unit)} |");
        }
    }

    private static string Value(double? value, string? unit) => value is { } known
        ? string.Create(CultureInfo.InvariantCulture, $"{known:0.###}{(unit is null ? "" : " ")}{unit}")
        : "";
}
