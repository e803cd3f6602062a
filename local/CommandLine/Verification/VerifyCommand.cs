using System.CommandLine;
using System.Text.Json;
using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow verify</c>: whether a capture is still what it was when it was made.</summary>
internal sealed class VerifyCommand(Interrupts interrupts)
{
    private readonly Argument<string> _what = new("FILE|ID|FOLDER")
    {
        Description = "A capture file with its manifest and log beside it, the id of a capture on a server, or a store's folder with log and heads in it",
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "A file with the public key that logs are signed with (of captureflow log-key), or several; got from elsewhere than the evidence",
        HelpName = "FILE",
    };

    private readonly ServerOptions _server = new("Where to look an ID up", ServerOptions.Local);
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };

    private const string Notes = """
        Compares size, hash and packets of the file with the manifest, the manifest with the log, and the log
        link by link; names the first that does not hold. The file is FILE, its manifest FILE.manifest.json and
        its log FILE.log.jsonl, as capture leaves them; a file in the folder store is found there with its own.
        Of a FILE that is pcapng, the pcap that it was made of is compared; names, facts and comments are not evidence.

        Without --key it cannot find out that somebody wrote file, manifest and log anew, all three, and says
        "Not anchored". With --key the log has to be signed by that key. FOLDER, with --key, checks every log of
        a store against the heads of its days: a log that was cut, written anew or taken away is named.

        Exit codes: 0 all of it holds, 2 the command line is wrong, 6 there is nothing to check or no server,
        8 something does not hold, or was not there to be checked.
        """;

    public static Command Build(Interrupts interrupts)
    {
        VerifyCommand self = new(interrupts);
        CommandWithNotes command = new("verify", "Check a capture file, its manifest and its log against each other", Notes);
        command.Arguments.Add(self._what);
        self._server.AddTo(command);
        command.Options.Add(self._key);
        command.Options.Add(self._json);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var (keys, unusable) = await KeysAsync(parsed.GetValue(_key));
        using var read = keys;
        if (unusable is not null)
        {
            await Console.Error.WriteLineAsync($"captureflow: {unusable}");
            return ExitCodes.Usage;
        }

        var what = parsed.GetValue(_what)!;
        if (Directory.Exists(what) && keys is null)
        {
            await Console.Error.WriteLineAsync($"captureflow: '{what}' is a folder, and a store is checked with --key alone: the public key of captureflow log-key.");
            return ExitCodes.Usage;
        }

        var (report, problem) = Directory.Exists(what) ? CheckStore(what, keys!)
            : CaptureIds.IsValid(what) && !File.Exists(what) ? await AskAsync(_server.Read(parsed)!, what, keys)
            : await EvidenceSource.CheckFileAsync(what, keys, interrupts.End);
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
            Write(report, Directory.Exists(what) ? $"Store {what}" : $"Capture {report.CaptureId ?? "unknown"}", Console.Out);
        }

        return report.Holds ? ExitCodes.Complete : ExitCodes.DoesNotHold;
    }

    private async Task<(CustodyPublicKeys? Keys, string? Problem)> KeysAsync(string? path)
    {
        if (path is null)
        {
            return (null, null);
        }

        try
        {
            var (keys, problem) = CustodyPublicKeys.Read(await File.ReadAllTextAsync(path, interrupts.End));
            return (keys, problem is null ? null : $"--key: '{path}' is no file of public keys: {problem}. captureflow log-key prints one.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"--key: '{path}' cannot be read: {e.Message}");
        }
    }

    private (EvidenceReport? Report, string? Problem) CheckStore(string folder, CustodyPublicKeys keys) =>
        Directory.Exists(Path.Combine(folder, StoreVerification.LogFolder)) || Directory.Exists(Path.Combine(folder, StoreVerification.HeadFolder))
            ? (StoreVerification.Check(folder, keys, TimeProvider.System.GetUtcNow(), interrupts.End), null)
            : (null, $"There is neither {StoreVerification.LogFolder} nor {StoreVerification.HeadFolder} in '{folder}': it is not the folder of a store.");

    private async Task<(EvidenceReport? Report, string? Problem)> AskAsync(Uri url, string id, CustodyPublicKeys? keys)
    {
        await using var server = CaptureServer.At(url);
        return await EvidenceSource.CheckCaptureAsync(server.Api, id, keys, interrupts.End);
    }

    internal static void Write(EvidenceReport report, string what, TextWriter output)
    {
        output.WriteLine(what);
        foreach (var check in report.Checks)
        {
            output.WriteLine($"  {(check.Holds switch { true => "ok  ", false => "BAD ", null => check.Open ? "open" : "none" })}  {check.Name,-10}  {check.Says}");
        }

        var first = report.Checks.FirstOrDefault(check => check.Holds == false || check is { Holds: null, Open: false });
        output.WriteLine(first is not null ? $"Does not hold: {first.Name}. {first.Says}"
            : report.Checks.FirstOrDefault(check => check.Holds is null) is { } open ? $"All that was checked holds. {open.Says}"
            : "All of it holds.");
    }
}
