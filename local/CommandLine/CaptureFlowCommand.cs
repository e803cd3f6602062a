using System.CommandLine;
using System.CommandLine.Help;
using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The command line's root: reads the arguments, and turns what a command throws into a sentence and an exit code.</summary>
internal static class CaptureFlowCommand
{
    public static Task<int> RunAsync(string[] args) => RunAsync(args, Console.Error);

    internal static async Task<int> RunAsync(string[] args, TextWriter errors)
    {
        var parsed = Build().Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
        {
            foreach (var error in Words(parsed))
            {
                await errors.WriteLineAsync($"captureflow: {error}");
            }

            await errors.WriteLineAsync($"See: captureflow {(parsed.CommandResult.Command.Name == "captureflow" ? string.Empty : parsed.CommandResult.Command.Name + " ")}--help");
            return ExitCodes.Usage;
        }

        try
        {
            // Signals are the commands' own business: to them, Ctrl-C means "revoke first".
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (HostRefusedException e)
        {
            await errors.WriteLineAsync($"captureflow: {e.Problem}\n{e.Remedy}");
            return ExitCodes.HostUnavailable;
        }
        catch (Exception e)
        {
            // The boundary of the process: a sentence instead of a crash report, and a code that says "unexpected".
            await errors.WriteLineAsync($"captureflow: unexpected error: {e}");
            return ExitCodes.Unexpected;
        }
    }

    // The parser calls a command that there is none of an argument, and then finds a command missing as well.
    private static IEnumerable<string> Words(ParseResult parsed) =>
        parsed is { CommandResult.Command.Name: "captureflow", UnmatchedTokens: [var unknown, ..] } && !unknown.StartsWith('-')
            ? [$"unknown command '{unknown}'"]
            : parsed.Errors.Select(error => error.Message);

    internal static Command Build()
    {
        Command root = new("captureflow", "Packet captures in Kubernetes that give their rights back, and prove it.")
        {
            DemoCommand.Build(),
            CaptureCommand.Build(),
            PlanCommand.Build(),
            AuditCommand.Build(),
            VerifyCommand.Build(),
            AnalyzeCommand.Build(),
            DecideCommand.BuildApprove(),
            DecideCommand.BuildDeny(),
            ServeCommand.Build(),
        };
        root.Options.Add(new HelpOption { Recursive = true, Action = new HelpWithNotes() });
        root.Options.Add(new VersionOption());
        return root;
    }
}
