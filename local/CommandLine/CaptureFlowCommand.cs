using System.CommandLine;
using System.CommandLine.Help;
using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The command line's root: reads the arguments, and turns what a command throws into a sentence and an exit code.</summary>
internal static class CaptureFlowCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Build().Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"captureflow: {error.Message}");
            }

            await Console.Error.WriteLineAsync($"See: captureflow {(parsed.CommandResult.Command.Name == "captureflow" ? string.Empty : parsed.CommandResult.Command.Name + " ")}--help");
            return ExitCodes.Usage;
        }

        try
        {
            // Signals are the commands' own business: to them, Ctrl-C means "revoke first".
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (HostRefusedException e)
        {
            await Console.Error.WriteLineAsync($"captureflow: {e.Problem}\n{e.Remedy}");
            return ExitCodes.HostUnavailable;
        }
        catch (Exception e)
        {
            // The boundary of the process: a sentence instead of a crash report, and a code that says "unexpected".
            await Console.Error.WriteLineAsync($"captureflow: unexpected error: {e}");
            return ExitCodes.Unexpected;
        }
    }

    internal static Command Build()
    {
        Command root = new("captureflow", "Packet captures in Kubernetes that give their rights back, and prove it.")
        {
            DemoCommand.Build(),
            CaptureCommand.Build(),
            PlanCommand.Build(),
            AuditCommand.Build(),
            VerifyCommand.Build(),
            DecideCommand.BuildApprove(),
            DecideCommand.BuildDeny(),
            ServeCommand.Build(),
        };
        root.Options.Add(new HelpOption { Recursive = true, Action = new HelpWithNotes() });
        root.Options.Add(new VersionOption());
        return root;
    }
}
