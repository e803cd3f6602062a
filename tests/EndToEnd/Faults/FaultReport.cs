using System.Globalization;
using System.Text;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>The table with what a run of it came to, as Markdown. One of a whole run is committed as docs/faults.md.</summary>
internal static class FaultReport
{
    /// <summary>Where a run writes its report; unset, nowhere.</summary>
    public const string FileVariable = "CAPTUREFLOW_FAULT_REPORT";

    private const string Head = """
        # What was done to captures, and what became of them

        Each row is a real capture: a pod, tcpdump, the local host and the sandbox's API server, with one fault. After each, whatever it came to, the same is
        asked of the API server and of the evidence:

        - at most one account, one binding and one container were made for it (two grants where a late run took its own back);
        - none of them lives;
        - the rights are proven gone, if there were any;
        - what was fetched is kept, and file, manifest and log hold together;
        - the capture has ended, and its verdict and codes are those of the table.

        `./captureflow faults` runs the table and prints it, `./captureflow faults REGEX` those rows whose name matches. `docs/errors.md` has the codes.

        """;

    public static string Render(IReadOnlyCollection<FaultResult> results)
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        text.Append(CultureInfo.InvariantCulture, $"\n{results.Count(it => it.Broken is null)} of {results.Count} hold.\n");
        foreach (var group in results.GroupBy(it => it.Case.Group))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n\n| Case | Fault | Comes to | Seconds | Holds |\n|---|---|---|---:|---|\n");
            foreach (var it in group)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Row(it.Case)} {it.Seconds:0} | {(it.Broken is null ? "yes" : $"**no**: {Cell(it.Ended?.ToString() ?? "it did not end")}")} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>What of a row does not depend on the run.</summary>
    public static string Row(FaultCase it) => $"| {it.Name} | {Cell(it.Fault)} | {it.Expected} |";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
