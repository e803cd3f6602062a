using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CaptureFlow.Local.Durable.Dispatch;
using CaptureFlow.Local.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Durable;

/// <summary>
/// The embedded durable engine: runs orchestrations and activities on one machine, with their history in a SQLite file. Whatever was
/// under way when the process ended, by whatever means, goes on at the next start.
/// </summary>
/// <remarks>
/// Activities are at-least-once; everything else is exactly-once as far as the file tells, because each change of an instance is one
/// transaction. <see cref="Client"/> works from construction on: what it starts before <see cref="StartAsync"/> waits.
/// </remarks>
internal sealed class DurableEngine : IHostedService, IAsyncDisposable
{
    /// <summary>How long a loop rests after it failed.</summary>
    private static readonly TimeSpan RestAfterFault = TimeSpan.FromSeconds(1);

    private readonly DurableEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly string _owner;
    private readonly ILogger _log;
    private readonly FolderLock? _lock;
    private readonly DurableDatabase _database;
    private readonly ReadyInstances _ready = new();
    private readonly InstanceWatch _watch = new();
    private readonly DueMessages _due;
    private readonly ActivityStore _activities;
    private readonly ActivityDispatcher _activityDispatcher;
    private readonly OrchestrationDispatcher _orchestrationDispatcher;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _loops = [];
    private bool _disposed;

    /// <summary>Opens the file, and takes its lock unless it is shared.</summary>
    /// <param name="options">Where the file is and what may be used.</param>
    /// <param name="registry">What can be run. Complete before <see cref="StartAsync"/>.</param>
    /// <param name="time">The clock of timers, leases and dates.</param>
    /// <param name="loggers">Where the engine and replay-safe loggers write.</param>
    /// <exception cref="InvalidOperationException">Another host owns the file, or a later version wrote it.</exception>
    public DurableEngine(DurableEngineOptions options, DurableRegistry registry, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _time = time;
        _log = loggers.CreateLogger<DurableEngine>();
        _owner = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}");
        var path = Path.GetFullPath(options.DatabasePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _lock = options.SharedDatabase ? null : FolderLock.Take(path);
        try
        {
            _database = DurableDatabase.Open(path, time, Announce);
        }
        catch
        {
            _lock?.Dispose();
            throw;
        }

        Converter = new JsonDataConverter(options.Json);
        _activities = new ActivityStore(_database, _owner, options.ActivityLease);
        _due = new DueMessages(_database, _ready, time, options.SharedDatabase ? options.PollInterval : null);
        _activityDispatcher = new ActivityDispatcher(_activities, registry, Converter, time, loggers, options.MaxConcurrentActivities);
        _orchestrationDispatcher = new OrchestrationDispatcher(
            new TurnStore(_database), registry, _ready, Converter, loggers, time);
        Client = new LocalDurableTaskClient(
            new InstanceStore(_database), _watch, Converter, time, options.SharedDatabase ? options.PollInterval : null);
    }

    /// <summary>Starts, queries and signals instances.</summary>
    public DurableTaskClient Client { get; }

    /// <summary>Reads and writes inputs, outputs and events, as <see cref="DurableEngineOptions.Json"/> says.</summary>
    public DataConverter Converter { get; }

    /// <summary>Takes up everything that is under way, and begins to work.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var reclaimed = _options.SharedDatabase ? 0 : await _activities.ReclaimAllAsync(cancellationToken);
        Log.Started(_log, _owner, _options.DatabasePath, reclaimed);
        var stop = _stopping.Token;
        Loop(() => _due.RunAsync(stop));
        Loop(() => _activityDispatcher.RunAsync(stop));
        for (var i = 0; i < _options.MaxConcurrentOrchestrations; i++)
        {
            Loop(() => _orchestrationDispatcher.RunAsync(stop));
        }

        if (_options.RenewLeases)
        {
            Loop(() => _activityDispatcher.RenewAsync(_options.ActivityLease, stop));
        }

        if (_options.SharedDatabase)
        {
            Loop(() => _activityDispatcher.PollAsync(_options.PollInterval, stop));
        }
    }

    /// <summary>
    /// Takes no more work, cancels running activities and waits for them for <see cref="DurableEngineOptions.StopGrace"/>. What has not
    /// ended by then, or threw because it was cancelled, runs again at the next start.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _activityDispatcher.CancelRunningAsync();
        await Task.WhenAll(_loops);
        await _activityDispatcher.DrainAsync(_options.StopGrace, cancellationToken);
        Log.Stopped(_log, _owner);
    }

    /// <summary>Stops, and gives the file free.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await StopAsync(CancellationToken.None);
        _due.Dispose();
        _activityDispatcher.Dispose();
        _database.Dispose();
        _stopping.Dispose();
        _lock?.Dispose();
    }

    private void Announce(Effects effects)
    {
        if (effects.TellsOfInstances)
        {
            _options.Kept?.Invoke();
        }

        foreach (var instanceId in effects.Ready)
        {
            _ready.Signal(instanceId);
        }

        foreach (var instanceId in effects.Changed)
        {
            _watch.Changed(instanceId);
        }

        if (effects.NextDue is { } due)
        {
            _due.Expect(due);
        }

        if (effects.ActivitiesQueued)
        {
            _activityDispatcher.Signal();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A file that cannot be read now may be later; a loop must not end before the host does.")]
    private void Loop(Func<Task> loop) => _loops.Add(Task.Run(async () =>
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await loop();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.LoopFaulted(_log, exception);
                await Task.Delay(RestAfterFault, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }));
}
