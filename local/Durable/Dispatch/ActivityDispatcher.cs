using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using CaptureFlow.Local.Durable.History;
using CaptureFlow.Local.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Durable.Dispatch;

/// <summary>Leases activity calls, runs them, and writes their answers.</summary>
internal sealed class ActivityDispatcher : IDisposable
{
    /// <summary>How long the dispatcher rests after the file could not be read or written.</summary>
    private static readonly TimeSpan RestAfterFault = TimeSpan.FromSeconds(1);

    private readonly ActivityStore _store;
    private readonly DurableRegistry _registry;
    private readonly DataConverter _converter;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _slots;
    private readonly WakeUp _wakeUp = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, Task> _running = new();

    public ActivityDispatcher(
        ActivityStore store, DurableRegistry registry, DataConverter converter, TimeProvider time, ILoggerFactory loggers, int slots)
    {
        _store = store;
        _registry = registry;
        _converter = converter;
        _time = time;
        _log = loggers.CreateLogger<ActivityDispatcher>();
        _slots = new SemaphoreSlim(slots, slots);
    }

    /// <summary>Says that there may be a call to lease.</summary>
    public void Signal() => _wakeUp.Ring();

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await _slots.WaitAsync(cancellation);
            var claim = await TryClaimAsync(cancellation);
            if (claim is null)
            {
                _slots.Release();
                await _wakeUp.WaitAsync(cancellation);
                continue;
            }

            // Kept by id until it ends, so that a stop can wait for it.
            var run = Task.Run(() => RunAsync(claim), CancellationToken.None);
            _running[claim.Id] = run;
            _ = ForgetWhenDoneAsync(claim.Id, run);
        }
    }

    /// <summary>Keeps the leases of what runs, three times in a lease's span.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A renewal that fails is tried again: the next may come in time.")]
    public async Task RenewAsync(TimeSpan lease, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(lease / 3, _time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            try
            {
                if (!_running.IsEmpty)
                {
                    await _store.RenewAsync(cancellation);
                }
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                Log.RenewalFaulted(_log, exception);
            }
        }
    }

    /// <summary>Rings once in a while, for calls that another host queued or let go.</summary>
    public async Task PollAsync(TimeSpan interval, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(interval, _time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            _wakeUp.Ring();
        }
    }

    /// <summary>Asks what runs to end. From here on a body that throws is taken to have been interrupted.</summary>
    public Task CancelRunningAsync() => _stopping.CancelAsync();

    /// <summary>Waits for what runs. What does not end in time runs again at the next start.</summary>
    public async Task DrainAsync(TimeSpan grace, CancellationToken cancellation)
    {
        var running = Task.WhenAll(_running.Values);
        await running.WaitAsync(grace, _time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_running.IsEmpty)
        {
            Log.ActivitiesLeft(_log, _running.Count);
        }
    }

    /// <summary>Call after the loops have ended. The slots are left to the collector: a body that outlives the grace still gives its back.</summary>
    public void Dispose()
    {
        _wakeUp.Dispose();
        _stopping.Dispose();
    }

    private async Task ForgetWhenDoneAsync(long id, Task run)
    {
        await run;
        _running.TryRemove(KeyValuePair.Create(id, run));
    }

    [SuppressMessage("Design", "CA1031", Justification = "A file that cannot be written now may be later; the loop must go on.")]
    private async Task<ActivityClaim?> TryClaimAsync(CancellationToken cancellation)
    {
        try
        {
            return await _store.ClaimAsync(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Log.ClaimFaulted(_log, exception);
            await Task.Delay(RestAfterFault, _time, cancellation);
            _wakeUp.Ring();
            return null;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "An answer that cannot be written is not lost: the call runs again when its lease lapses.")]
    private async Task RunAsync(ActivityClaim claim)
    {
        try
        {
            var answer = await AnswerAsync(claim);
            if (answer is null)
            {
                await _store.ReleaseAsync(claim);
            }
            else if (!await _store.AnswerAsync(claim, answer))
            {
                Log.AnswerDropped(_log, claim.Name, claim.InstanceId, claim.TaskId);
            }
        }
        catch (Exception exception)
        {
            Log.AnswerFaulted(_log, claim.Name, claim.InstanceId, claim.TaskId, exception);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <returns>Null when the host stops before the body could end: then the call is not answered.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a body throws is the answer to its call.")]
    private async Task<HistoryEvent?> AnswerAsync(ActivityClaim claim)
    {
        if (_stopping.IsCancellationRequested)
        {
            return null;
        }

        if (!_registry.TryGetActivity(claim.Name, out var body))
        {
            var type = typeof(InvalidOperationException).FullName!;
            var failure = new Failure(type, $"There is no activity named {claim.Name} in this build.", null, null, NonRetriable: true);
            return new TaskFailed(claim.TaskId, failure);
        }

        using var scope = Log.InstanceScope(_log, claim.InstanceId);
        try
        {
            var call = new ActivityInvocation(
                claim.Name, claim.InstanceId, claim.TaskId, claim.Delivery, claim.Input, _stopping.Token);
            return new TaskCompleted(claim.TaskId, _converter.Serialize(await body(call)));
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            Log.ActivityFailed(_log, claim.Name, claim.InstanceId, claim.TaskId, exception);
            return new TaskFailed(claim.TaskId, Failure.From(exception));
        }
    }
}
