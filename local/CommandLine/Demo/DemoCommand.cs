using System.CommandLine;
using CaptureFlow.Functions.Api;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow demo</c>: a whole capture of real packets, from the order to the proof, with nothing left behind.</summary>
internal sealed class DemoCommand(Interrupts interrupts)
{
    private const string Notes = $"""
        Without --context, it starts a sandbox cluster on this machine (real processes, real network namespaces) with a
        shop in it: a web pod whose application sits behind a proxy that ends TLS, and a client that keeps calling. It
        needs root and tcpdump, and nothing of it is left afterwards but the capture file.
        With --node, it captures that pod's traffic on the node as well, and shows what each of the two saw.
        With --context, it makes the namespace captureflow-demo with two such pods in that cluster, and deletes it again.

        {ExitCodes.Table}
        """;

    private readonly Option<string> _window = new("--window") { Description = "How long to capture", HelpName = "TIME", DefaultValueFactory = _ => "10s" };
    private readonly Option<DirectoryInfo> _folder = new("--output-folder") { Description = "Where the capture file goes", HelpName = "DIR", DefaultValueFactory = _ => new("captures") };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON document, and nothing else" };
    private readonly Option<bool> _plain = new("--plain") { Description = "Plain lines, also on a terminal (as with NO_COLOR)" };
    private readonly Option<string?> _image = new("--image") { Description = "With --context: the image of the tap and of the demo's pods; needs sh, tcpdump and python3. nicolaka/netshoot when not given", HelpName = "IMAGE" };
    private readonly Option<bool> _node = new("--node") { Description = "Capture on the pod's node as well, at the same time, and say what that does not see" };
    private readonly ClusterOptions _cluster = new();

    public static Command Build(Interrupts interrupts)
    {
        DemoCommand self = new(interrupts);
        CommandWithNotes command = new("demo", "Take a capture on this machine, or with --context in a cluster, to see how it goes", Notes) { self._window, self._folder, self._json, self._plain, self._image, self._node };
        self._cluster.AddTo(command);
        self._window.Validators.Add(r =>
        {
            if (r.Tokens is [var token] && !Quantities.TryParseDuration(token.Value, out _))
            {
                r.AddError($"'{token.Value}' is not a duration like 10s (--window).");
            }
        });
        command.Validators.Add(r =>
        {
            if (r.GetValue(self._node) && (r.GetValue(self._cluster.Kubeconfig) is not null || r.GetValue(self._cluster.Context) is not null))
            {
                r.AddError("--node compares in the sandbox; in a cluster: captureflow capture POD --method node.");
            }
        });
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var json = parsed.GetValue(_json);
        var terminal = Terminal.OfProcess(parsed.GetValue(_plain));
        DemoRun run = new(terminal, json, parsed.GetValue(_window)!, parsed.GetValue(_folder)!.FullName, TimeProvider.System);
        var cluster = _cluster.Read(parsed);
        try
        {
            var result = cluster is { Context: null, Kubeconfig: null }
                ? await run.RunInSandboxAsync(parsed.GetValue(_node), interrupts)
                : await run.RunInClusterAsync(cluster, parsed.GetValue(_image), interrupts);
            terminal.Print(result, json);
            return result.ExitCode;
        }
        catch (OperationCanceledException) when (interrupts.End.IsCancellationRequested)
        {
            await terminal.Error.WriteLineAsync("captureflow: cancelled before the capture began; nothing is left.");
            return ExitCodes.Cancelled;
        }
    }
}
