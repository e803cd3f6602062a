using System.CommandLine;
using System.CommandLine.Help;
using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The command line's root: reads the arguments, and turns what a command throws into a sentence and an exit code.</summary>
internal static class CaptureFlowCommand
{
    /// <summary>As the process's only work: with its signals, and with its standard streams made steady.</summary>
    public static async Task<int> RunProcessAsync(string[] args)
    {
        using var interrupts = Interrupts.OfProcess();
        var streams = StandardStreams.Install(interrupts.EndInOrder);
        var code = await RunAsync(args, Console.Error, interrupts);
        if (!streams.OutputIsLost || code != ExitCodes.Complete)
        {
            return code;
        }

        await Console.Error.WriteLineAsync("captureflow: standard output was closed, or is full; not all of the result could be written.");
        return ExitCodes.Unexpected;
    }

    internal static async Task<int> RunAsync(string[] args)
    {
        using var interrupts = Interrupts.OfProcess();
        return await RunAsync(args, Console.Error, interrupts);
    }

    internal static async Task<int> RunAsync(string[] args, TextWriter errors, Interrupts interrupts)
    {
        var parsed = Build(interrupts).Parse(args.Length == 0 ? ["--help"] : args);
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
        catch (OperationCanceledException) when (interrupts.End.IsCancellationRequested)
        {
            await errors.WriteLineAsync("captureflow: interrupted");
            return ExitCodes.Cancelled;
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

    /// <param name="interrupts">Ctrl-C, of all commands.</param>
    internal static Command Build(Interrupts interrupts)
    {
        Command root = new("captureflow", "Packet captures in Kubernetes that give their rights back, and prove it.")
        {
            DemoCommand.Build(interrupts),
            CaptureCommand.Build(interrupts),
            ListCommand.Build(interrupts),
            ShowCommand.Build(interrupts),
            WatchCommand.Build(interrupts),
            EndCommand.BuildStop(interrupts),
            EndCommand.BuildCancel(interrupts),
            DownloadCommand.Build(interrupts),
            PlanCommand.Build(interrupts),
            AuditCommand.Build(interrupts),
            VerifyCommand.Build(interrupts),
            LogKeyCommand.Build(interrupts),
            AnalyzeCommand.Build(interrupts),
            DiffCommand.Build(interrupts),
            DecideCommand.BuildApprove(interrupts),
            DecideCommand.BuildDeny(interrupts),
            ServeCommand.Build(interrupts),
        };
        root.Options.Add(new HelpOption { Recursive = true, Action = new HelpWithNotes() });
        root.Options.Add(new VersionOption());
        return root;
    }
}
