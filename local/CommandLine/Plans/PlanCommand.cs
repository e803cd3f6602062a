using System.CommandLine;
using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow plan</c>: what a capture would do and what is against it, with nothing changed.</summary>
internal sealed class PlanCommand(Interrupts interrupts)
{
    private readonly OrderOptions _order = new();
    private readonly ServerOptions _server = new("A running CaptureFlow to ask instead of one inside this process");
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };
    private readonly ClusterOptions _cluster = new();

    private const string Notes = """
        Takes the same arguments as capture. Looks at the pod, the rights, the filter, storage, admission
        (with a server-side dry run, where the identity may) and the image; changes nothing.

        Exit codes: 0 ready to capture, 3 it would be refused (every reason is printed with its remedy),
        9 nothing is known against it, but not everything could be checked, 2 the command line is wrong,
        6 the server or the cluster could not be reached.
        """;

    public static Command Build(Interrupts interrupts)
    {
        PlanCommand self = new(interrupts);
        CommandWithNotes command = new("plan", "Say what a capture would do, and what is against it; changes nothing", Notes);
        self._order.AddTo(command);
        self._server.AddTo(command);
        command.Options.Add(self._json);
        self._cluster.AddTo(command);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        new LeftRuns(Console.Error.WriteLine, TimeProvider.System).Mention();
        var server = _server.Read(parsed) is { } url
            ? CaptureServer.At(url)
            : await CaptureServer.StartAsync(_cluster.Read(parsed), StateHome.NewRun(), TimeProvider.System, interrupts.End, timers: false);
        await using (server)
        {
            var (planned, problem) = await server.Api.PlanAsync(_order.Read(parsed), interrupts.End);
            await server.StopAndForgetAsync();
            var result = PlanResult.Of(planned, problem);
            if (parsed.GetValue(_json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(result, CaptureJson.Indented));
            }
            else
            {
                PlanText.Write(result, Console.Out);
            }

            return result.ExitCode;
        }
    }
}
