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
    private bool _stopped;

    private CaptureServer(CaptureApiClient client, LocalHost? host, FileLog? log, string? stateFolder)
    {
        _client = client;
        _host = host;
        _log = log;
        StateFolder = stateFolder;
    }

    public ICaptureApi Api => _client;

    /// <summary>The folder of the host inside this process; null with a server elsewhere.</summary>
    public string? StateFolder { get; }

    /// <summary>The log of the host inside this process; null with a server elsewhere.</summary>
    public string? LogPath => StateFolder is null ? null : Path.Combine(StateFolder, LogName);

    public static CaptureServer Elsewhere(Uri url) => new(Client(url, Environment.GetEnvironmentVariable(KeyVariable)), null, null, null);

    /// <summary>Starts a host on a free port of loopback, with a key that only this process knows.</summary>
    /// <exception cref="HostRefusedException">It cannot start.</exception>
    public static async Task<CaptureServer> StartAsync(
        ClusterChoice cluster, string stateFolder, TimeProvider time, CancellationToken cancellationToken, bool timers = true)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        PrivateFiles.MakeFolder(stateFolder);
        FileLog log = new(Path.Combine(stateFolder, LogName), time);
        try
        {
            var host = await LocalHost.StartAsync(
                new()
                {
                    Url = new("http://127.0.0.1:0"),
                    StateFolder = stateFolder,
                    Config = cluster.Config,
                    Overrides = new Dictionary<string, string?>(cluster.Settings()) { ["CaptureFlow:Local:Keys:0"] = key, ["CaptureFlow:Access:FunctionKey"] = "all" },
                    Logging = logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(log),
                    Time = time,
                    Timers = timers,
                },
                cancellationToken);
            return new(Client(host.Url, key), host, log, stateFolder);
        }
        catch
        {
            log.Dispose();
            Directory.Delete(stateFolder, recursive: true);
            throw;
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

    private static CaptureApiClient Client(Uri url, string? key) => new(url, key, new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) });
}
