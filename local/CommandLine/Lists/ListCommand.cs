using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow list</c>: the captures that a running server knows.</summary>
internal sealed class ListCommand(Interrupts interrupts)
{
    private static readonly Dictionary<string, CaptureState> States = Enum.GetValues<CaptureState>().ToDictionary(CaptureWords.Of);
    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "Only of this namespace", HelpName = "NS" };
    private readonly Option<string?> _pod = new("--pod") { Description = "Only of this pod", HelpName = "POD" };
    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "Only of this cluster, by its name on the server",
        HelpName = "NAME",
    };

    private readonly Option<string[]> _status = new("--status")
    {
        Description = "Only with this status; may be given several times",
        HelpName = "STATUS",
    };

    private readonly Option<Verdict?> _verdict = new("--verdict")
    {
        Description = "Only with this verdict: Complete, Lossy, LimitReached, Partial, Empty or Failed",
        HelpName = "VERDICT",
    };

    private readonly Option<string?> _by = new("--by") { Description = "Only those that this caller ordered", HelpName = "CALLER" };
    private readonly Option<string?> _since = new("--since")
    {
        Description = "Only ordered since then: 2h, 2026-03-04, or 2026-03-04T12:00:00Z",
        HelpName = "TIME",
    };

    private readonly Option<string?> _until = new("--until")
    {
        Description = "Only ordered before then, written like --since",
        HelpName = "TIME",
    };

    private readonly Option<int> _limit = new("--limit") { Description = "At most so many", HelpName = "N", DefaultValueFactory = _ => 50 };
    private readonly Option<bool> _json = new("--json")
    {
        Description = "Print one JSON document, {\"items\": […]}, each as the API shows it",
    };

    private readonly ServerOptions _server = new("The running CaptureFlow", ServerOptions.Local);

    private static readonly string Notes = $"""
        STATUS is one of {string.Join(", ", States.Keys.Take(States.Count / 2))},
        {string.Join(", ", States.Keys.Skip(States.Count / 2))}.

        Exit codes: 0 listed, also when nothing matches; 2 the command line is wrong; 3 the server refused;
        6 the server could not be reached.
        """;

    public static Command Build(Interrupts interrupts)
    {
        ListCommand self = new(interrupts);
        CommandWithNotes command = new("list", "The captures of a running CaptureFlow, newest first", Notes);
        foreach (var option in self.Options())
        {
            command.Options.Add(option);
        }

        self._server.AddTo(command);
        self._status.AcceptOnlyFromAmong([.. States.Keys]);
        self._since.Validators.Add(CheckTime);
        self._until.Validators.Add(CheckTime);
        self._limit.Validators.Add(r =>
        {
            if (r is { Tokens: [var token] } && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var limit) && limit < 1)
            {
                r.AddError("--limit is at least 1.");
            }
        });
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private Option[] Options() => [_namespace, _pod, _cluster, _status, _verdict, _by, _since, _until, _limit, _json];

    internal static async Task<int> ListAsync(
        ICaptureApi api, ListFilter filter, int limit, bool json, Terminal terminal, CancellationToken cancellationToken)
    {
        var (found, problem) = await new CaptureLister(api).FindAsync(filter, limit, cancellationToken);
        if (found is null)
        {
            return await ProblemText.WriteAsync(problem!, terminal.Error);
        }

        if (json)
        {
            var items = found.Captures.Select(capture => capture.Document);
            var document = JsonSerializer.SerializeToElement(new { Items = items }, CaptureJson.Options);
            await terminal.Output.WriteLineAsync(ShownCapture.Printable(document));
            await terminal.Output.FlushAsync(CancellationToken.None);
        }
        else if (found.Captures.Count > 0)
        {
            ListText.Write(found.Captures.Select(capture => capture.Status), terminal.Output);
        }
        else
        {
            await terminal.Error.WriteLineAsync("No capture matches.");
        }

        if (found.More)
        {
            await terminal.Error.WriteLineAsync(
                $"The search ended with {Wording.Count(found.Captures.Count, "capture")}; there may be more. "
                + "Raise --limit, or narrow the search.");
        }

        return ExitCodes.Complete;
    }

    /// <summary>A time, or how long ago it was; null when it is neither.</summary>
    internal static DateTimeOffset? Time(string text, DateTimeOffset now) =>
        Quantities.TryParseDuration(text, out var ago) && ago < now - DateTimeOffset.UnixEpoch ? now - ago
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
            : null;

    private async Task<int> RunAsync(ParseResult parsed)
    {
        await using var server = CaptureServer.At(_server.Read(parsed)!);
        var now = TimeProvider.System.GetUtcNow();
        CaptureFilter asked = new()
        {
            Cluster = parsed.GetValue(_cluster),
            Namespace = parsed.GetValue(_namespace),
            Pod = parsed.GetValue(_pod),
            RequestedBy = parsed.GetValue(_by),
            Verdict = parsed.GetValue(_verdict),
            From = parsed.GetValue(_since) is { } since ? Time(since, now) : null,
            To = parsed.GetValue(_until) is { } until ? Time(until, now) : null,
        };
        ListFilter filter = new(asked) { Statuses = [.. (parsed.GetValue(_status) ?? []).Select(word => States[word])] };
        var terminal = Terminal.OfProcess(plain: true);
        return await ListAsync(server.Api, filter, parsed.GetValue(_limit), parsed.GetValue(_json), terminal, interrupts.End);
    }

    private static void CheckTime(OptionResult result)
    {
        if (result.Tokens is [var token] && Time(token.Value, TimeProvider.System.GetUtcNow()) is null)
        {
            result.AddError($"'{token.Value}' is not a time like 2h, 2026-03-04 or 2026-03-04T12:00:00Z ({result.Option.Name}).");
        }
    }
}
