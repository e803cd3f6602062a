using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Hosting;

/// <summary>
/// Fires the timer functions. One function never overlaps itself: what becomes due while it runs is skipped. A run that throws or outlives
/// the function timeout is logged, and the schedule goes on.
/// </summary>
internal sealed class TimerRunner : BackgroundService
{
    /// <summary>The longest single wait: a clock that was set, or a machine that slept, is noticed within it.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly (TimerFunction Timer, TimerSchedule Schedule)[] _timers;
    private readonly IServiceScopeFactory _scopes;
    private readonly HostSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<TimerRunner> _logger;

    /// <exception cref="HostRefusedException">A schedule cannot be read.</exception>
    public TimerRunner(
        FunctionCatalog catalog, IConfiguration configuration, IServiceScopeFactory scopes, HostSettings settings, TimeProvider time, ILogger<TimerRunner> logger)
    {
        _timers = [.. catalog.Timers.Select(t => (t, TimerSchedule.Parse(t.Function.Name, t.Schedule, configuration)))];
        _scopes = scopes;
        _settings = settings;
        _time = time;
        _logger = logger;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_timers.Select(t => RunAsync(t.Timer, t.Schedule, stoppingToken)));

    private async Task RunAsync(TimerFunction timer, TimerSchedule schedule, CancellationToken stopping)
    {
        var last = _time.GetUtcNow();
        if (timer.RunOnStartup)
        {
            await FireAsync(timer, schedule, last, stopping);
        }

        while (schedule.After(last) is { } due && await WaitUntilAsync(due, stopping))
        {
            await FireAsync(timer, schedule, due, stopping);
            var now = _time.GetUtcNow();
            last = now > due ? now : due;
        }
    }

    private async Task<bool> WaitUntilAsync(DateTimeOffset due, CancellationToken stopping)
    {
        try
        {
            for (var left = due - _time.GetUtcNow(); left > TimeSpan.Zero; left = due - _time.GetUtcNow())
            {
                await Task.Delay(left < LongestWait ? left : LongestWait, _time, stopping);
            }

            return !stopping.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task FireAsync(TimerFunction timer, TimerSchedule schedule, DateTimeOffset due, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(_settings.FunctionTimeout);
        await using var scope = _scopes.CreateAsyncScope();
        TimerInfo info = new()
        {
            ScheduleStatus = new() { Last = due.UtcDateTime, Next = schedule.After(due)?.UtcDateTime ?? default, LastUpdated = due.UtcDateTime },
        };
        try
        {
            await FunctionInvoker.InvokeAsync(new(timer.Function, scope.ServiceProvider, info, limit.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops; the next start runs it again.
        }
        catch (Exception e)
        {
            // The boundary of a timer function: whatever it throws, its next run must come.
            Log.TimerFailed(_logger, timer.Function.Name, e);
        }
    }
}
