using System.Security.Cryptography;
using CaptureFlow.Local.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The server that a command talks to: one that somebody runs, or a local host inside this process that lives as long as the command.</summary>
internal sealed class CaptureServer : IAsyncDisposable
{
    /// <summary>Holds the function key for <c>--server</c>: on a command line, other users of the machine could read it.</summary>
    public const string KeyVariable = "CAPTUREFLOW_KEY";

    private const string LogName = "host.log";
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private readonly CaptureApiClient _client;
    private readonly LocalHost? _host;
    private readonly FileLog? _log;
    private readonly TimeProvider _time;
    private readonly ClusterChoice? _cluster;
    private bool _stopped;

    private CaptureServer(Uri url, string? key, TimeProvider time, EntraSignIn? signIn = null)
    {
        _client = Client(url, key, signIn);
        _time = time;
        Elsewhere = url;
    }

    private CaptureServer(LocalHost host, string key, FileLog log, string stateFolder, ClusterChoice cluster, TimeProvider time)
        : this(host.Url, key, time)
    {
        (_host, _log, _cluster, StateFolder, Elsewhere) = (host, log, cluster, stateFolder, null);
    }

    public ICaptureApi Api => _client;

    /// <summary>The folder of the host inside this process; null with a server elsewhere.</summary>
    public string? StateFolder { get; }

    /// <summary>The log of the host inside this process; null with a server elsewhere.</summary>
    public string? LogPath => StateFolder is null ? null : Path.Combine(StateFolder, LogName);

    /// <summary>The server that somebody else runs; null with a host inside this process.</summary>
    public Uri? Elsewhere { get; }

    /// <summary>With the key of this user's own host at that address, signed in with Entra ID, or with the key that is given.</summary>
    public static CaptureServer At(Uri url)
    {
        var key = Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } given ? given : null;
        var own = key is null ? ServerKeyFile.TryRead(url) : null;
        return new(url, key ?? own, TimeProvider.System, own is null ? EntraSignIn.OfEnvironment() : null);
    }

    /// <summary>Starts a host on a free port of loopback, with a key that only this process knows.</summary>
    /// <exception cref="HostRefusedException">It cannot start.</exception>
    public static async Task<CaptureServer> StartAsync(
        ClusterChoice cluster, string stateFolder, TimeProvider time, CancellationToken cancellationToken, bool timers = true)
    {
        PrivateFiles.MakeFolder(stateFolder);
        try
        {
            return await OpenAsync(cluster, stateFolder, time, timers, cancellationToken);
        }
        catch
        {
            Directory.Delete(stateFolder, recursive: true);
            throw;
        }
    }

    /// <summary>Goes on with the state folder of a command that has ended.</summary>
    /// <exception cref="HostRefusedException">It cannot; the folder stays as it is.</exception>
    public static Task<CaptureServer> ResumeAsync(string stateFolder, RunNote note, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(note.Cluster(), stateFolder, time, timers: true, cancellationToken);

    /// <summary>To be called before something is ordered: from here on, another command can go on with it.</summary>
    public Task NoteOrderAsync() => StateFolder is { } folder ? RunNote.Of(_cluster!, _time.GetUtcNow()).WriteAsync(folder) : Task.CompletedTask;

    /// <summary>Stops the host, and keeps its folder for the files of captures that have ended.</summary>
    public async Task KeepAsync(IReadOnlyList<string> captureIds)
    {
        await DisposeAsync();
        if (StateFolder is { } folder)
        {
            await ((RunNote.TryRead(folder) ?? RunNote.Of(_cluster!, _time.GetUtcNow())) with { Kept = captureIds }).WriteAsync(folder);
        }
    }

    /// <summary>Stops the host and removes its folder; what it was doing would be lost, so call it only when nothing is under way.</summary>
    public async Task StopAndForgetAsync()
    {
        await DisposeAsync();
        if (StateFolder is not null)
        {
            Directory.Delete(StateFolder, recursive: true);
        }
    }

    /// <summary>Stops the host; its folder stays, and another host can go on from it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _client.Dispose();
        if (_host is not null)
        {
            using CancellationTokenSource patience = new(StopPatience);
            await _host.StopAsync(patience.Token);
            await _host.DisposeAsync();
        }

        _log?.Dispose();
    }

    private static async Task<CaptureServer> OpenAsync(ClusterChoice cluster, string stateFolder, TimeProvider time, bool timers, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        FileLog log = new(Path.Combine(stateFolder, LogName), time);
        try
        {
            var host = await LocalHost.StartAsync(
                new()
                {
                    Url = new("http://127.0.0.1:0"),
                    StateFolder = stateFolder,

                    // The run's own folder goes with the run, and the key has to outlast its captures.
                    CustodyKeyFile = LogKeyCommand.PathOf(null),
                    Config = cluster.Config,
                    Overrides = new Dictionary<string, string?>(cluster.Settings()) { ["CaptureFlow:Local:Keys:0"] = key, ["CaptureFlow:Access:FunctionKey"] = "all" },
                    Logging = logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(log),
                    Time = time,
                    Timers = timers,
                },
                cancellationToken);
            return new(host, key, log, stateFolder, cluster, time);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    private static CaptureApiClient Client(Uri url, string? key, EntraSignIn? signIn) =>
        new(url, key, new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) }, signIn);
}
