using System.CommandLine;
using System.CommandLine.Parsing;
using CaptureFlow.Functions.Api;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow capture</c>: one capture, from the order to the file on this machine.</summary>
internal sealed class CaptureCommand
{
    private readonly Argument<string> _pod = new("POD") { Description = "The pod to capture in" };
    private readonly Option<string> _namespace = new("--namespace", "-n") { Description = "Its namespace", HelpName = "NS", DefaultValueFactory = _ => "default" };
    private readonly Option<string?> _container = new("--container", "-c") { Description = "A container of the pod whose processes the tap may see; the network is the pod's either way", HelpName = "NAME" };
    private readonly Option<string> _duration = new("--duration", "-d") { Description = "How long, e.g. 30s, 5m", HelpName = "TIME", DefaultValueFactory = _ => "30s" };
    private readonly Option<string?> _filter = new("--filter", "-f") { Description = "A pcap filter, e.g. 'tcp port 80'; everything when not given", HelpName = "EXPR" };
    private readonly Option<string?> _snaplen = new("--snaplen", "-s") { Description = "Bytes kept of each packet, or 'full'; 256 (headers) when not given", HelpName = "N" };
    private readonly Option<string?> _maxBytes = new("--max-bytes") { Description = "Largest file, e.g. 100MB, 1GiB", HelpName = "SIZE" };
    private readonly Option<long?> _maxPackets = new("--max-packets") { Description = "Most packets", HelpName = "N" };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why; goes into the manifest", HelpName = "TEXT" };
    private readonly Option<FileInfo?> _output = new("--output", "-o") { Description = "The file to write; POD-ID.pcap in this folder when not given. The manifest goes beside it", HelpName = "FILE" };
    private readonly Option<Uri?> _server = new("--server") { Description = $"A running CaptureFlow to use instead of one inside this process; its key is read from {CaptureServer.KeyVariable}", HelpName = "URL", CustomParser = ServerAddress.Parse };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };
    private readonly Option<bool> _plain = new("--plain") { Description = "Plain lines, also on a terminal (as with NO_COLOR)" };
    private readonly ClusterOptions _cluster = new();

    private const string Notes = $"""
        Steps: plan, grant, attach, capture, finish, retrieve, store, revoke. Ctrl-C cancels and revokes;
        a second one stops waiting for that.

        {ExitCodes.Table}
        """;

    public static Command Build()
    {
        CaptureCommand self = new();
        CommandWithNotes command = new("capture", "Capture packets in a pod of a cluster, and bring the file here", Notes);
        command.Arguments.Add(self._pod);
        foreach (var option in (Option[])[self._namespace, self._container, self._duration, self._filter, self._snaplen, self._maxBytes, self._maxPackets, self._reason, self._output, self._server, self._json, self._plain])
        {
            command.Options.Add(option);
        }

        self._cluster.AddTo(command);
        self._duration.Validators.Add(r => Check(r, text => Quantities.TryParseDuration(text, out _), "a duration like 30s or 5m"));
        self._maxBytes.Validators.Add(r => Check(r, text => Quantities.TryParseSize(text, out _), "a size like 100MB or 1GiB"));
        self._snaplen.Validators.Add(r => Check(r, text => SnapLength.TryParse(text, out _), "a number of bytes, or 'full'"));
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private static void Check(OptionResult result, Func<string, bool> valid, string expected)
    {
        if (result.Tokens is [var token] && !valid(token.Value))
        {
            result.AddError($"'{token.Value}' is not {expected} ({result.Option.Name}).");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        using var interrupts = Interrupts.OfProcess();
        var json = parsed.GetValue(_json);
        var terminal = Terminal.OfProcess(parsed.GetValue(_plain));
        var server = parsed.GetValue(_server) is { } url
            ? CaptureServer.Elsewhere(url)
            : await CaptureServer.StartAsync(_cluster.Read(parsed), StateHome.NewRun(), TimeProvider.System, interrupts.End);
        await using (server)
        {
            var pod = parsed.GetValue(_pod)!;
            CaptureSession session = new(server, terminal.View(json, TimeProvider.System), TimeProvider.System);
            var result = await session.RunAsync(Request(parsed), id => parsed.GetValue(_output)?.FullName ?? $"{pod}-{id}.pcap", interrupts);
            terminal.Print(result, json);
            return result.ExitCode;
        }
    }

    private CaptureRequest Request(ParseResult parsed) => new(
        new($"{parsed.GetValue(_namespace)}/{parsed.GetValue(_pod)}", parsed.GetValue(_container)),
        new(
            parsed.GetValue(_duration)!,
            parsed.GetValue(_snaplen) is { } text && SnapLength.TryParse(text, out var snap) ? snap : null,
            parsed.GetValue(_maxBytes) is { } size && Quantities.TryParseSize(size, out var bytes) ? bytes : null,
            parsed.GetValue(_maxPackets)),
        parsed.GetValue(_filter),
        parsed.GetValue(_reason));
}
