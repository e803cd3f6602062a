using System.CommandLine;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow approve</c> and <c>deny</c>: a second person's word on a capture that waits for it on a running server.</summary>
internal sealed class DecideCommand(Interrupts interrupts)
{
    private readonly Argument<string> _id = CaptureIdArgument.Create();
    private readonly Option<string?> _comment = new("--comment", "-c") { Description = "Why, in one line; kept with the capture", HelpName = "TEXT" };
    private readonly ServerOptions _server = new("The running CaptureFlow", ServerOptions.Local);

    private const string Notes = """
        Shows what is asked first. Needs the role approver, and a key other than the one that ordered it:
        nobody approves their own.

        Exit codes: 0 said, 3 refused, 2 the command line is wrong, 6 the server could not be reached.
        """;

    public static Command BuildApprove(Interrupts interrupts) => Build(interrupts, "approve", "Say yes to a capture that waits for a second person", approve: true);

    public static Command BuildDeny(Interrupts interrupts) => Build(interrupts, "deny", "Say no to a capture that waits for a second person", approve: false);

    private static CommandWithNotes Build(Interrupts interrupts, string name, string description, bool approve)
    {
        DecideCommand self = new(interrupts);
        CommandWithNotes command = new(name, description, Notes);
        command.Arguments.Add(self._id);
        command.Options.Add(self._comment);
        self._server.AddTo(command);
        command.SetAction((parsed, _) => self.RunAsync(parsed, approve));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, bool approve)
    {
        await using var server = CaptureServer.At(_server.Read(parsed)!);
        return await DecideAsync(server.Api, parsed.GetValue(_id)!, approve, parsed.GetValue(_comment), Terminal.OfProcess(plain: true), interrupts.End);
    }

    internal static async Task<int> DecideAsync(ICaptureApi api, string id, bool approve, string? comment, Terminal terminal, CancellationToken cancellationToken)
    {
        var (status, problem) = await api.GetAsync(id, cancellationToken);
        if (status is not null && StepWords.Waiting(status) is { } waiting)
        {
            await terminal.Output.WriteLineAsync($"capture {id}: {waiting}");
        }

        problem ??= await api.DecideAsync(id, approve, comment, cancellationToken);
        if (problem is null)
        {
            await terminal.Output.WriteLineAsync($"capture {id} {(approve ? "approved" : "denied")}");
            return ExitCodes.Complete;
        }

        return await ProblemText.WriteAsync(problem, terminal.Error);
    }
}
