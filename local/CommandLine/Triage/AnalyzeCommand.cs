using System.CommandLine;
using CaptureFlow.Analysis;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow analyze</c>: what a capture file shows, on one page.</summary>
internal sealed class AnalyzeCommand(Interrupts interrupts)
{
    /// <summary>A person waits, and has Ctrl-C.</summary>
    private static readonly AnalysisOptions Limits = new() { Longest = TimeSpan.FromHours(1) };

    private readonly Argument<string> _file = new("FILE") { Description = "A capture file, pcap or pcapng" };
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "Write the same packets to this file as pcapng, the findings as comments on them",
        HelpName = "FILE.pcapng",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };

    private const string Notes = """
        Prints a card: one line of summary, findings with the worst first (each with its packets, numbered as in
        Wireshark), the largest conversations, totals of TCP, DNS, TLS and HTTP, and what the file cannot tell.
        The file is read once, on this machine, and nothing is sent anywhere. The card has addresses, ports, host
        names, and methods, statuses and shapes of paths of HTTP, and nothing else of what the packets carry: no
        payload, no query strings, no headers.

        With -o, the packets of a pcap are written as pcapng as well: same numbers, bytes and times, an interface for
        each real one, the findings as comments, and the facts of the manifest where FILE.manifest.json is there.

        Exit codes: 0 the whole file was looked at, whatever was found; 2 the command line is wrong, 4 it is no
        capture file, 6 it cannot be read or -o cannot be written, 13 only a part of it could be looked at; the card
        says why.
        """;

    public static Command Build(Interrupts interrupts)
    {
        AnalyzeCommand self = new(interrupts);
        CommandWithNotes command = new("analyze", "What a capture file shows: failed and slow connections, retransmissions, DNS errors", Notes);
        command.Arguments.Add(self._file);
        command.Options.Add(self._output);
        command.Options.Add(self._json);
        command.Validators.Add(r =>
        {
            if (r.GetResult(self._output) is { Tokens: [{ Value: var output }] } && Refusal(r.GetValue(self._file), output) is { } refusal)
            {
                r.AddError(refusal);
            }
        });
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var (file, pcapng) = (parsed.GetValue(_file)!, parsed.GetValue(_output));
        return await RunAsync(file, parsed.GetValue(_json), Console.Out, Console.Error, interrupts.End, pcapng);
    }

    internal static async Task<int> RunAsync(
        string path, bool json, TextWriter output, TextWriter errors, CancellationToken cancellationToken, string? pcapng = null)
    {
        var (code, card) = await AnalyzedFile.ReadAsync(path, Limits, errors, cancellationToken);
        if (card is null)
        {
            return code;
        }

        await output.WriteAsync(json ? CardJson.Write(card) : CardMarkdown.Write(card));
        return pcapng is null || code == ExitCodes.Failed ? code : await WriteAsync(path, pcapng, card, errors, cancellationToken) ?? code;
    }

    /// <returns>The exit code; null when the file is there.</returns>
    private static async Task<int?> WriteAsync(
        string path, string pcapng, TriageCard card, TextWriter errors, CancellationToken cancellationToken)
    {
        try
        {
            var beside = path + EvidenceSource.ManifestSuffix;
            var manifest = File.Exists(beside) ? beside : null;
            var problem = card.File.Format == "pcapng"
                ? "It is pcapng already."
                : await PcapngFile.WriteAsync(path, pcapng, manifest, PacketComments.Of(card), cancellationToken);
            if (problem is null)
            {
                return null;
            }

            await errors.WriteLineAsync($"captureflow: {path} cannot be written as pcapng: {problem} -o takes a pcap.");
            return ExitCodes.Failed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await errors.WriteLineAsync($"captureflow: {pcapng} cannot be written: {e.Message}");
            return ExitCodes.HostUnavailable;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("captureflow: interrupted");
            return ExitCodes.Cancelled;
        }
    }

    private static string? Refusal(string? file, string output) =>
        !EvidencePaths.IsPcapng(output)
            ? $"-o: '{output}' does not end in .pcapng, the one format that is written. Name it {Path.ChangeExtension(output, ".pcapng")}."
        : file is not null && Path.GetFullPath(file) == Path.GetFullPath(output)
            ? $"-o: '{output}' is the file that is read. Choose another name."
        : null;
}
