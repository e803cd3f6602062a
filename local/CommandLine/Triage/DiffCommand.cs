using System.CommandLine;
using CaptureFlow.Analysis;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow diff</c>: what two capture files differ in, by the findings of their cards.</summary>
internal sealed class DiffCommand(Interrupts interrupts)
{
    /// <summary>A person waits, and has Ctrl-C.</summary>
    private static readonly AnalysisOptions Limits = CaptureComparer.Options(longest: TimeSpan.FromHours(1));

    private readonly Argument<string> _a = new("A") { Description = "A capture file, pcap or pcapng: the good one, say" };
    private readonly Argument<string> _b = new("B") { Description = "The other: the bad one" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };

    private const string Notes = """
        Prints one line of summary, the findings that only one of the captures has (those of B first), the findings
        of both that are much more frequent in one, and the totals of both side by side. Findings are those of
        captureflow analyze, with packet numbers of the file that has them. Both files are read once, on this
        machine, and nothing is sent anywhere.

        Exit codes: 0 both files were looked at to their ends, whatever they differ in; 2 the command line is wrong,
        4 one is no capture file, 6 one cannot be read, 13 only a part of one could be looked at.
        """;

    public static Command Build(Interrupts interrupts)
    {
        DiffCommand self = new(interrupts);
        CommandWithNotes command = new("diff", "What a good and a bad capture differ in, by the same findings", Notes);
        command.Arguments.Add(self._a);
        command.Arguments.Add(self._b);
        command.Options.Add(self._json);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private Task<int> RunAsync(ParseResult parsed) =>
        RunAsync(parsed.GetValue(_a)!, parsed.GetValue(_b)!, parsed.GetValue(_json), Console.Out, Console.Error, interrupts.End);

    internal static async Task<int> RunAsync(
        string pathA,
        string pathB,
        bool json,
        TextWriter output,
        TextWriter errors,
        CancellationToken cancellationToken)
    {
        var (codeA, a) = await AnalyzedFile.ReadAsync(pathA, Limits, errors, cancellationToken);
        if (a is null)
        {
            return codeA;
        }

        var (codeB, b) = await AnalyzedFile.ReadAsync(pathB, Limits, errors, cancellationToken);
        if (b is null)
        {
            return codeB;
        }

        var difference = CaptureComparer.Compare(a, b);
        await output.WriteAsync(json ? DifferenceJson.Write(difference) : DifferenceMarkdown.Write(difference));
        return Worse(codeA, codeB);
    }

    private static int Worse(int a, int b) => a == ExitCodes.Failed || b == ExitCodes.Failed ? ExitCodes.Failed : Math.Max(a, b);
}
