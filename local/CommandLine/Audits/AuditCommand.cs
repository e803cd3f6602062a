using System.CommandLine;
using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow audit</c>: which access CaptureFlow has now, on every cluster.</summary>
internal sealed class AuditCommand(Interrupts interrupts)
{
    private readonly ServerOptions _server = new("A running CaptureFlow to ask instead of one inside this process");
    private readonly Option<bool> _takeBack = new("--take-back") { Description = "Take back what is overdue, and end what commands on this machine left when they were killed" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };
    private readonly ClusterOptions _cluster = new();

    private const string Notes = """
        Asks the clusters for every permission and tap that carries CaptureFlow's marks, with age and owner; what any
        CaptureFlow remembers plays no part in it. Changes nothing without --take-back. With it, what is past its expiry
        is taken back, wherever it came from; a capture that a killed command on this machine left is ended at once, and
        its file, if there is one, kept for captureflow download.

        Exit codes: 0 nothing is overdue (the statement says whether anything is live), 1 something is overdue,
        2 the command line is wrong, 6 a cluster or the server could not be asked.
        """;

    public static Command Build(Interrupts interrupts)
    {
        AuditCommand self = new(interrupts);
        CommandWithNotes command = new("audit", "List every live grant on every cluster, or state that there is none", Notes);
        self._server.AddTo(command);
        command.Options.Add(self._takeBack);
        command.Options.Add(self._json);
        self._cluster.AddTo(command);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var takeBack = parsed.GetValue(_takeBack);
        await using var server = await StartAsync(parsed, new(Console.Error.WriteLine, TimeProvider.System), takeBack);
        var (audit, problem) = takeBack ? await server.Api.TakeBackAsync(interrupts.End) : await server.Api.AuditAsync(interrupts.End);
        await server.StopAndForgetAsync();
        if (audit is null)
        {
            await Console.Error.WriteLineAsync($"captureflow: {problem?.Detail}");
            return ExitCodes.HostUnavailable;
        }

        if (parsed.GetValue(_json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(audit, CaptureJson.Indented));
        }
        else
        {
            AuditText.Write(audit, Console.Out);
        }

        return ExitCodes.Of(audit.State);
    }

    private async Task<CaptureServer> StartAsync(ParseResult parsed, LeftRuns left, bool takeBack)
    {
        if (_server.Read(parsed) is { } url)
        {
            return CaptureServer.At(url);
        }

        if (takeBack)
        {
            await left.TakeBackAsync(interrupts.End);
        }
        else
        {
            left.Mention();
        }

        return await CaptureServer.StartAsync(_cluster.Read(parsed), StateHome.NewRun(), TimeProvider.System, interrupts.End, timers: false);
    }
}
