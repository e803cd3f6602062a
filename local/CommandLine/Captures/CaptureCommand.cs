using System.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow capture</c>: one capture, from the order to the file on this machine.</summary>
internal sealed class CaptureCommand(Interrupts interrupts)
{
    private readonly OrderOptions _order = new();
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The file to write, or the folder to write POD-ID.pcap into; with several pods always the folder; this folder when not given. The manifest goes beside it", HelpName = "FILE|FOLDER" };
    private readonly ServerOptions _server = new("A running CaptureFlow to use instead of one inside this process");
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };
    private readonly Option<bool> _plain = new("--plain") { Description = "Plain lines, also on a terminal (as with NO_COLOR)" };
    private readonly ClusterOptions _cluster = new();

    private const string Notes = $"""
        A FILE that ends in .pcapng is written as pcapng: an interface for each real one, the capture's facts in the
        section header, and what was found as comments on its packets. captureflow verify FILE checks it as well.

        Steps: plan, grant, attach, capture, finish, retrieve, store, revoke. Ctrl-C cancels and revokes;
        a second one stops waiting for that.

        {ExitCodes.Table}
        """;

    public static Command Build(Interrupts interrupts)
    {
        CaptureCommand self = new(interrupts);
        CommandWithNotes command = new("capture", "Capture packets in a pod of a cluster, or in several, and bring the files here", Notes);
        self._order.AddTo(command);
        foreach (var option in (Option[])[self._output, self._json, self._plain])
        {
            command.Options.Add(option);
        }

        self._server.AddTo(command);
        self._cluster.AddTo(command);
        command.Validators.Add(r =>
        {
            if (r.GetResult(self._output) is { Tokens: [{ Value: var output }] } && EvidencePaths.Refusal(self._order.IsOfSeveral(r), output) is { } refusal)
            {
                r.AddError(refusal);
            }
        });
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var json = parsed.GetValue(_json);
        var terminal = Terminal.OfProcess(parsed.GetValue(_plain));
        var request = _order.Read(parsed);
        var paths = EvidencePaths.Of(request.Target, parsed.GetValue(_output));
        if (OutputPlace.Problem(paths.Folder) is { } problem)
        {
            await terminal.Error.WriteLineAsync($"captureflow: {problem}");
            return ExitCodes.Usage;
        }

        if (OutputPlace.Warning(paths.Folder, request.Window.MaxBytes ?? CaptureWindow.DefaultMaxBytes) is { } warning)
        {
            await terminal.Error.WriteLineAsync($"captureflow: {warning}");
        }

        try
        {
            await using var server = await StartAsync(parsed, terminal.Error);
            CaptureSession session = new(server, terminal.View(json, TimeProvider.System), TimeProvider.System);
            var result = await session.RunAsync(request, paths, interrupts);
            terminal.Print(result, json);
            return result.ExitCode;
        }
        catch (OperationCanceledException) when (interrupts.End.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync("captureflow: cancelled before anything was ordered; nothing was changed.");
            return ExitCodes.Cancelled;
        }
    }

    private async Task<CaptureServer> StartAsync(ParseResult parsed, TextWriter errors)
    {
        if (_server.Read(parsed) is { } url)
        {
            return CaptureServer.At(url);
        }

        await new LeftRuns(errors.WriteLine, TimeProvider.System).TakeBackAsync(interrupts.End);
        return await CaptureServer.StartAsync(_cluster.Read(parsed), StateHome.NewRun(), TimeProvider.System, interrupts.End);
    }
}
