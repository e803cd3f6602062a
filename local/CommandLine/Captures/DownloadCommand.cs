using System.CommandLine;
using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow download</c>: the file, manifest and log of a capture that has ended.</summary>
internal sealed class DownloadCommand(Interrupts interrupts)
{
    private readonly Argument<string> _id = CaptureIdArgument.Create();
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The file to write, or the folder to write ID.pcap into; with several pods always the folder; this folder when not given", HelpName = "FILE|FOLDER" };
    private readonly ServerOptions _server = new("A running CaptureFlow that has it");
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };

    private const string Notes = $"""
        Without --server, it brings a file that an earlier command on this machine kept because it could not be brought
        to its place, and removes that copy once it is there. A FILE that ends in .pcapng is written as pcapng, with
        the capture's facts, and with what was found as comments on its packets.

        {ExitCodes.Table}
        """;

    public static Command Build(Interrupts interrupts)
    {
        DownloadCommand self = new(interrupts);
        CommandWithNotes command = new("download", "Bring the file of a capture that has ended", Notes);
        command.Arguments.Add(self._id);
        command.Options.Add(self._output);
        command.Options.Add(self._json);
        self._server.AddTo(command);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var id = parsed.GetValue(_id)!;
        await using var server = await FindAsync(id, _server.Read(parsed));
        var (status, problem) = await server.Api.GetAsync(id, interrupts.End);
        if (status is not { Ended: true })
        {
            await Console.Error.WriteLineAsync($"captureflow: {problem?.Detail ?? $"{id} has not ended yet ({CaptureWords.Of(status!.Status)})."}");
            return problem is { Passing: false } ? ExitCodes.Refused : ExitCodes.HostUnavailable;
        }

        var output = parsed.GetValue(_output);
        EvidencePaths paths = EvidencePaths.Of(output);
        var result = await CaptureSession.DeliverAsync(server, new(id, status, null, Abandoned: false), paths, interrupts.End);
        await CaptureSession.EndAsync(server, result);
        Terminal.OfProcess(plain: true).Print(result, parsed.GetValue(_json));
        return result.ExitCode;
    }

    private async Task<CaptureServer> FindAsync(string id, Uri? url) => url is not null
        ? CaptureServer.At(url)
        : RunFolders.Keeping(id) is var (folder, note)
            ? await CaptureServer.ResumeAsync(folder, note, TimeProvider.System, interrupts.End)
            : throw new HostRefusedException($"No file of {id} is kept on this machine.", "Name the CaptureFlow that has it with --server.");
}
