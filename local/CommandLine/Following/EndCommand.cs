using System.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow stop</c> and <c>cancel</c>: end a capture that is under way on a running server.</summary>
internal sealed class EndCommand(Interrupts interrupts)
{
    private readonly Argument<string> _id = CaptureIdArgument.Create();
    private readonly ServerOptions _server = new("The running CaptureFlow", ServerOptions.Local);
    private readonly Option<bool> _wait = new("--wait")
    {
        Description = "Wait until it has ended and its rights are proven gone; Ctrl-C ends the waiting alone",
    };

    private const string StopNotes = """
        Exit codes: 0 asked for; with --wait, those of captureflow capture, and 130 also when Ctrl-C ended the waiting;
        3 refused: the capture has ended already, is unknown, or is not yours to end; 6 the server could not be reached.
        """;

    private const string CancelNotes = """
        Exit codes: 0 asked for, and with --wait, cancelled and its rights proven gone; 3 refused: the capture has ended
        already (with --wait, also: it ended by itself first), is unknown, or is not yours to end; 4 it failed;
        5 the rights could not be proven gone; 6 the server could not be reached; 130 Ctrl-C ended the waiting.
        """;

    public static Command BuildStop(Interrupts interrupts) =>
        Build(interrupts, "stop", "End a capture's window now, and keep the file", StopNotes, cancel: false);

    public static Command BuildCancel(Interrupts interrupts) =>
        Build(interrupts, "cancel", "End a capture now, take its rights back, and keep nothing", CancelNotes, cancel: true);

    private static CommandWithNotes Build(Interrupts interrupts, string name, string description, string notes, bool cancel)
    {
        EndCommand self = new(interrupts);
        CommandWithNotes command = new(name, description, notes);
        command.Arguments.Add(self._id);
        command.Options.Add(self._wait);
        self._server.AddTo(command);
        command.SetAction((parsed, _) => self.RunAsync(parsed, cancel));
        return command;
    }

    /// <param name="session">Waits for the end; null does not wait.</param>
    /// <param name="api">The server.</param>
    /// <param name="server">Its address, for what is printed.</param>
    /// <param name="id">The capture.</param>
    /// <param name="cancel">Keeps nothing; else keeps the file.</param>
    /// <param name="terminal">Where it is said.</param>
    /// <param name="interrupts">Ctrl-C.</param>
    internal static async Task<int> EndAsync(
        ICaptureApi api, Uri server, string id, bool cancel, WatchSession? session, Terminal terminal, Interrupts interrupts)
    {
        var (status, problem) = await api.GetAsync(id, interrupts.End);
        if (status is { Ended: true })
        {
            await terminal.Error.WriteLineAsync(
                $"captureflow: {id} has already ended ({CaptureWords.Of(status.Status)}); nothing was changed. "
                + $"To see how: captureflow show {id} --server {server}");
            return ExitCodes.Refused;
        }

        problem ??= cancel ? await api.CancelAsync(id, interrupts.End) : await api.StopAsync(id, interrupts.End);
        if (problem is not null)
        {
            return await ProblemText.WriteAsync(problem, terminal.Error);
        }

        await terminal.Output.WriteLineAsync(cancel
            ? $"capture {id}: asked to cancel. It ends now, nothing is kept, and its rights are taken back."
            : $"capture {id}: asked to stop. Its window ends now, the file is kept, and its rights are taken back.");
        if (session is null)
        {
            await terminal.Output.WriteLineAsync(WatchSession.ToFollow(id, server));
            return ExitCodes.Complete;
        }

        var (code, end) = await session.WaitAsync(id, interrupts);
        if (cancel && end == CaptureState.Completed)
        {
            await terminal.Error.WriteLineAsync("captureflow: it had ended by itself before it could be cancelled; its file is kept.");
        }

        return cancel && end is { } state ? OfCancel(state, code) : code;
    }

    // Who cancels wants nothing kept, and has it.
    private static int OfCancel(CaptureState end, int code) => end switch
    {
        CaptureState.Cancelled => ExitCodes.Complete,
        CaptureState.Completed => code == ExitCodes.RevokeUnproven ? code : ExitCodes.Refused,
        CaptureState.Refused or CaptureState.Denied or CaptureState.Expired or CaptureState.Failed or CaptureState.RevokeUnproven or CaptureState.NotDiscarded => code,
        CaptureState.Planning or CaptureState.AwaitingApproval or CaptureState.Queued or CaptureState.Granting or CaptureState.Attaching or CaptureState.Capturing
            or CaptureState.Finishing or CaptureState.Retrieving or CaptureState.Storing or CaptureState.Cancelling or CaptureState.Revoking => code,
    };

    private async Task<int> RunAsync(ParseResult parsed, bool cancel)
    {
        var url = _server.Read(parsed)!;
        await using var server = CaptureServer.At(url);
        var terminal = Terminal.OfProcess(plain: true);
        var session = parsed.GetValue(_wait) ? new WatchSession(server.Api, url, terminal, TimeProvider.System, WatchSession.Poll) : null;
        return await EndAsync(server.Api, url, parsed.GetValue(_id)!, cancel, session, terminal, interrupts);
    }
}
