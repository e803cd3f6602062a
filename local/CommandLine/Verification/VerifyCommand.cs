using System.CommandLine;
using System.Text.Json;
using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow verify</c>: whether a capture is still what it was when it was made.</summary>
internal sealed class VerifyCommand(Interrupts interrupts)
{
    private readonly Argument<string> _what = new("FILE|ID") { Description = "A capture file with its manifest and log beside it, or the id of a capture on a server" };
    private readonly ServerOptions _server = new("Where to look an ID up", ServerOptions.Local);
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };

    private const string Notes = """
        Compares size, hash and packets of the file with the manifest, the manifest with the log, and the log
        link by link; names the first that does not hold. The file is FILE, its manifest FILE.manifest.json and
        its log FILE.log.jsonl, as capture leaves them; a file in the folder store is found there with its own.

        Exit codes: 0 all of it holds, 2 the command line is wrong, 6 there is nothing to check or no server,
        8 something does not hold, or was not there to be checked.
        """;

    public static Command Build(Interrupts interrupts)
    {
        VerifyCommand self = new(interrupts);
        CommandWithNotes command = new("verify", "Check a capture file, its manifest and its log against each other", Notes);
        command.Arguments.Add(self._what);
        self._server.AddTo(command);
        command.Options.Add(self._json);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var what = parsed.GetValue(_what)!;
        var (report, problem) = CaptureIds.IsValid(what) && !File.Exists(what)
            ? await AskAsync(_server.Read(parsed)!, what, interrupts.End)
            : await EvidenceSource.CheckFileAsync(what, interrupts.End);
        if (report is null)
        {
            await Console.Error.WriteLineAsync($"captureflow: {problem}");
            return ExitCodes.HostUnavailable;
        }

        if (parsed.GetValue(_json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, CaptureJson.Indented));
        }
        else
        {
            Write(report, Console.Out);
        }

        return report.Holds ? ExitCodes.Complete : ExitCodes.DoesNotHold;
    }

    private static async Task<(EvidenceReport? Report, string? Problem)> AskAsync(Uri url, string id, CancellationToken cancellationToken)
    {
        await using var server = CaptureServer.At(url);
        return await EvidenceSource.CheckCaptureAsync(server.Api, id, cancellationToken);
    }

    internal static void Write(EvidenceReport report, TextWriter output)
    {
        output.WriteLine($"Capture {report.CaptureId ?? "unknown"}");
        foreach (var check in report.Checks)
        {
            output.WriteLine($"  {(check.Holds switch { true => "ok  ", false => "BAD ", null => "none" })}  {check.Name,-10}  {check.Says}");
        }

        output.WriteLine(report.Checks.FirstOrDefault(check => check.Holds != true) is { } first ? $"Does not hold: {first.Name}. {first.Says}" : "All of it holds.");
    }
}
