using CaptureFlow.FaultHost;
using CaptureFlow.Local.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>
/// A local host within the tests' own process. A process of its own spends most of its time on compiling what the one before it has compiled, too.
/// </summary>
internal sealed class HostWithin : TestHost
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(2);

    private readonly LocalHost _host;
    private readonly KeptLog _log;

    private HostWithin(LocalHost host, KeptLog log)
        : base(host.Url) => (_host, _log) = (host, log);

    public override string Log => _log.ToString();

    public static Task<HostWithin> StartAsync(string state, string kubeconfig) => StartAsync(state, kubeconfig, new Dictionary<string, string>());

    /// <summary>The same with configuration as it would stand in environment variables, e.g. <c>CaptureFlow__Tap__Image</c>.</summary>
    public static async Task<HostWithin> StartAsync(string state, string kubeconfig, IReadOnlyDictionary<string, string> environment)
    {
        KeptLog log = new();
        var settings = environment
            .Where(variable => !variable.Key.StartsWith("FAULTHOST_", StringComparison.Ordinal))
            .ToDictionary(variable => variable.Key.Replace("__", ":", StringComparison.Ordinal), string? (variable) => variable.Value);
        return new(
            await FaultyHost.StartAsync(
                state, kubeconfig, new PausePoint(null), name => environment.GetValueOrDefault(name), settings, logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Warning)),
            log);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        using var deadline = new CancellationTokenSource(StopsWithin);
        try
        {
            await _host.StopAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            // What is still under way is given up, as by a kill.
        }

        await _host.DisposeAsync();
    }

    private sealed class KeptLog : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
            {
                _lines.Add($"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}");
            }
        }

        public void Dispose()
        {
        }

        public override string ToString()
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }
}
