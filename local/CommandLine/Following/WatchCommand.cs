using System.CommandLine;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow watch</c>: follows a capture that is under way on a running server.</summary>
internal sealed class WatchCommand(Interrupts interrupts)
{
    private readonly Argument<string> _id = CaptureIdArgument.Create();
    private readonly ServerOptions _server = new("The running CaptureFlow", ServerOptions.Local);
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON document at its end, as the API shows it, and nothing else",
    };

    private readonly Option<bool> _plain = new("--plain") { Description = "Plain lines, also on a terminal (as with NO_COLOR)" };

    private const string Notes = """
        Ctrl-C stops watching, and nothing else: the capture goes on. captureflow stop or cancel ends it.

        Exit codes: of a capture that has ended, those of captureflow capture; 130 also when Ctrl-C stopped the watching;
        3 the server refused, or does not know the capture; 6 the server could not be reached.
        """;

    public static Command Build(Interrupts interrupts)
    {
        WatchCommand self = new(interrupts);
        CommandWithNotes command = new("watch", "Follow a capture of a running CaptureFlow to its end", Notes);
        command.Arguments.Add(self._id);
        command.Options.Add(self._json);
        command.Options.Add(self._plain);
        self._server.AddTo(command);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var url = _server.Read(parsed)!;
        await using var server = CaptureServer.At(url);
        WatchSession session = new(server.Api, url, Terminal.OfProcess(parsed.GetValue(_plain)), TimeProvider.System, WatchSession.Poll);
        return await session.RunAsync(parsed.GetValue(_id)!, parsed.GetValue(_json), interrupts);
    }
}
