using System.CommandLine;
using System.Security.Cryptography;
using CaptureFlow.Local.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.CommandLine;

/// <summary><c>captureflow serve</c>: the local host, until it is told to end.</summary>
internal sealed class ServeCommand(Interrupts interrupts)
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private readonly Option<Uri> _url = new("--url") { Description = "Where to listen; anything but loopback needs keys (CaptureFlow__Local__Keys__0)", HelpName = "URL", CustomParser = ServerAddress.Parse, DefaultValueFactory = _ => new("http://127.0.0.1:7071") };
    private readonly Option<DirectoryInfo?> _state = new("--state") { Description = "The folder for orchestrations and evidence; ~/.local/state/captureflow/serve when not given", HelpName = "DIR" };
    private readonly Option<bool> _anonymous = new("--anonymous") { Description = "Let every program on this machine in without a key; on loopback only" };
    private readonly ClusterOptions _cluster = new();

    public static Command Build(Interrupts interrupts)
    {
        ServeCommand self = new(interrupts);
        CommandWithNotes command = new(
            "serve",
            "Run the local host: the HTTP API, the timers, and the durable engine",
            """
            Without keys of your own it makes one, which your other commands on this machine find by themselves.
            Ctrl-C ends it. Captures under way go on with the next start on the same state folder.
            """);
        command.Options.Add(self._url);
        command.Options.Add(self._state);
        command.Options.Add(self._anonymous);
        self._cluster.AddTo(command);
        command.SetAction((parsed, _) => self.RunAsync(parsed));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed)
    {
        var cluster = _cluster.Read(parsed);
        var state = parsed.GetValue(_state)?.FullName ?? Path.Combine(StateHome.Path, "serve");
        var (url, anonymous) = (parsed.GetValue(_url)!, parsed.GetValue(_anonymous));

        // Other machines could not know a key that is made here: beyond loopback there have to be keys of the user's own.
        var key = anonymous || !url.IsLoopback ? null : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        Dictionary<string, string?> settings = new(cluster.Settings());
        if (anonymous)
        {
            settings["CaptureFlow:Access:Anonymous"] = "all";
        }

        await using var host = await LocalHost.StartAsync(
            new()
            {
                Url = url,
                StateFolder = state,
                CustodyKeyFile = LogKeyCommand.PathOf(parsed.GetValue(_state)?.FullName),
                Config = cluster.Config,
                SpareKey = key,
                Overrides = settings,
                Logging = logging => logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(console =>
                {
                    console.SingleLine = true;
                    console.UseUtcTimestamp = true;
                    console.TimestampFormat = "HH:mm:ss.fff'Z' ";
                }),
            },
            interrupts.End);
        using var kept = host.UsesSpareKey ? await ServerKeyFile.WriteAsync(host.Url, key!, interrupts.End) : null;
        Console.WriteLine($"CaptureFlow listens on {host.Url} (state in {state}). Ctrl-C ends it.");
        if (kept is not null || anonymous)
        {
            Console.WriteLine(kept is null
                ? "Every program on this machine is let in without a key."
                : $"Its key, for this run: {kept.Path}. Your captureflow commands find it there; other programs send it as x-functions-key.");
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, interrupts.End).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using CancellationTokenSource patience = new(StopPatience);
        await host.StopAsync(patience.Token);
        return 0;
    }
}
