using System.CommandLine;
using CaptureFlow.Analysis;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow analyze</c>: what a capture file shows, on one page.</summary>
internal sealed class AnalyzeCommand(Interrupts interrupts)
{
    /// <summary>A person waits, and has Ctrl-C.</summary>
    private static readonly AnalysisOptions Limits = new() { Longest = TimeSpan.FromHours(1) };

    private readonly Argument<string> _file = new("FILE") { Description = "A capture file, pcap or pcapng" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };

    private const string Notes = """
        Prints a card: one line of summary, findings with the worst first (each with its packets, numbered as in
        Wireshark), the largest conversations, totals of TCP, DNS, TLS and HTTP, and what the file cannot tell.
        The file is read once, on this machine, and nothing is sent anywhere. The card has addresses, ports, host
        names, and methods, statuses and shapes of paths of HTTP, and nothing else of what the packets carry: no
        payload, no query strings, no headers.

        Exit codes: 0 the whole file was looked at, whatever was found; 2 the command line is wrong, 4 it is no
        capture file, 6 it cannot be read, 13 only a part of it could be looked at; the card says why.
        """;

    public static Command Build(Interrupts interrupts)
    {
        AnalyzeCommand self = new(interrupts);
        CommandWithNotes command = new("analyze", "What a capture file shows: failed and slow connections, retransmissions, DNS errors", Notes);
        command.Arguments.Add(self._file);
        command.Options.Add(self._json);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        return await RunAsync(parsed.GetValue(_file)!, parsed.GetValue(_json), Console.Out, Console.Error, interrupts.End);
    }

    internal static async Task<int> RunAsync(string path, bool json, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var (code, card) = await AnalyzedFile.ReadAsync(path, Limits, errors, cancellationToken);
        if (card is not null)
        {
            await output.WriteAsync(json ? CardJson.Write(card) : CardMarkdown.Write(card));
        }

        return code;
    }
}
