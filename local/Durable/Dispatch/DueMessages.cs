using CaptureFlow.Local.Durable.Storage;

namespace CaptureFlow.Local.Durable.Dispatch;

/// <summary>
/// The one clock of all instances: sleeps until the next message falls due, whoever's it is, and calls for the instances whose time has
/// come. Ten thousand waiting timers are rows in the file and one timer here.
/// </summary>
internal sealed class DueMessages : IDisposable
{
    /// <summary>The longest sleep: a clock that was set back or forward is noticed by then.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly DurableDatabase _database;
    private readonly ReadyInstances _ready;
    private readonly TimeProvider _time;
    private readonly TimeSpan _longestSleep;
    private readonly WakeUp _wakeUp = new();
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private DateTime _armedFor = DateTime.MaxValue;

    public DueMessages(DurableDatabase database, ReadyInstances ready, TimeProvider time, TimeSpan? poll)
    {
        _database = database;
        _ready = ready;
        _time = time;
        _longestSleep = poll ?? LongestSleep;
        _timer = time.CreateTimer(_ => _wakeUp.Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sees to it that the loop wakes by <paramref name="due"/>.</summary>
    public void Expect(DateTime due)
    {
        lock (_lock)
        {
            if (due >= _armedFor)
            {
                return;
            }

            _armedFor = due;
            var wait = due - _time.GetUtcNow().UtcDateTime;

            // Up to the next whole millisecond: a timer that fires early would find nothing due.
            var milliseconds = Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, _longestSleep.TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            // Disarmed before looking, so that what is written meanwhile arms again.
            lock (_lock)
            {
                _armedFor = DateTime.MaxValue;
            }

            var now = _database.Now;
            var (ready, next) = await _database.ReadAsync(session => MessageQueue.Schedule(session, now), cancellation);
            foreach (var instanceId in ready)
            {
                _ready.Signal(instanceId);
            }

            var latest = now + _longestSleep;
            Expect(next is { } due && due < latest ? due : latest);
            await _wakeUp.WaitAsync(cancellation);
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _wakeUp.Dispose();
    }
}
