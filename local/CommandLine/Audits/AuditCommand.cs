using System.CommandLine;
using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow audit</c>: which access CaptureFlow has now, on every cluster.</summary>
internal sealed class AuditCommand
{
    private readonly Option<Uri?> _server = new("--server") { Description = $"A running CaptureFlow to ask instead of one inside this process; its key is read from {CaptureServer.KeyVariable}", HelpName = "URL", CustomParser = ServerAddress.Parse };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };
    private readonly ClusterOptions _cluster = new();

    private const string Notes = """
        Asks the clusters for every permission and tap that carries CaptureFlow's marks, with age and owner; what any
        CaptureFlow remembers plays no part in it. Changes nothing.

        Exit codes: 0 nothing is overdue (the statement says whether anything is live), 1 something is overdue,
        2 the command line is wrong, 6 a cluster or the server could not be asked.
        """;

    public static Command Build()
    {
        AuditCommand self = new();
        CommandWithNotes command = new("audit", "List every live grant on every cluster, or state that there is none", Notes);
        command.Options.Add(self._server);
        command.Options.Add(self._json);
        self._cluster.AddTo(command);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var interrupts = Interrupts.OfProcess();
        var server = parsed.GetValue(_server) is { } url
            ? CaptureServer.Elsewhere(url)
            : await CaptureServer.StartAsync(_cluster.Read(parsed), StateHome.NewRun(), TimeProvider.System, interrupts.End, timers: false);
        await using (server)
        {
            var (audit, problem) = await server.Api.AuditAsync(interrupts.End);
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
    }
}
