using System.CommandLine;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow show</c>: everything that a running server has to say of one capture.</summary>
internal sealed class ShowCommand(Interrupts interrupts)
{
    private readonly Argument<string> _id = CaptureIdArgument.Create();
    private readonly ServerOptions _server = new("The running CaptureFlow", ServerOptions.Local);
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print the capture's JSON document as the API shows it, and nothing else",
    };


    private const string Notes = """
        Exit codes: 0 shown, whatever became of the capture; 2 the command line is wrong; 3 the server refused, or does not
        know the capture; 6 the server could not be reached.
        """;

    public static Command Build(Interrupts interrupts)
    {
        ShowCommand self = new(interrupts);
        CommandWithNotes command = new("show", "One capture of a running CaptureFlow: its order, steps, verdict, faults and proof", Notes);
        command.Arguments.Add(self._id);
        command.Options.Add(self._json);
        self._server.AddTo(command);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    internal static async Task<int> ShowAsync(
        ICaptureApi api, Uri server, string id, bool json, Terminal terminal, CancellationToken cancellationToken)
    {
        var (shown, problem) = await api.ShowAsync(id, cancellationToken);
        if (shown is null)
        {
            return await ProblemText.WriteAsync(problem!, terminal.Error);
        }

        if (json)
        {
            await terminal.Output.WriteLineAsync(ShownCapture.Printable(shown.Document));
            await terminal.Output.FlushAsync(CancellationToken.None);
            return ExitCodes.Complete;
        }

        ShowText.WriteOrder(shown.Status, terminal.Output);
        ShowText.WriteSteps(shown.Status, terminal.Output);
        await ShowText.WriteEndAsync(api, shown.Status, server, terminal.Output, cancellationToken);
        return ExitCodes.Complete;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var url = _server.Read(parsed)!;
        await using var server = CaptureServer.At(url);
        var terminal = Terminal.OfProcess(plain: true);
        return await ShowAsync(server.Api, url, parsed.GetValue(_id)!, parsed.GetValue(_json), terminal, interrupts.End);
    }
}
