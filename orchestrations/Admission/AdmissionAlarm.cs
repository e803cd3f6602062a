using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>The ledger's one timer. A new one is made only when it is due earlier than the last: a long line moves with every message.</summary>
internal sealed class AdmissionAlarm(TaskOrchestrationContext context) : IDisposable
{
    private CancellationTokenSource? _losing;
    private Task? _timer;
    private DateTimeOffset _due;

    /// <summary>Waits for the message, or until something is due.</summary>
    public async Task WhenAsync(Task message, DateTimeOffset? due)
    {
        if (due is null || message.IsCompleted)
        {
            await (_timer is null ? message : Task.WhenAny(message, _timer));
        }
        else
        {
            if (_timer is null || due < _due)
            {
                Dispose();
                _due = due.Value;
                _losing = new CancellationTokenSource();
                _timer = context.CreateTimer(_due.UtcDateTime, _losing.Token);
            }

            await Task.WhenAny(message, _timer);
        }

        if (_timer is { IsCompleted: true })
        {
            Dispose();
        }
    }

    /// <summary>Gives the timer up: an open one would hold the instance until it fires.</summary>
    public void Dispose()
    {
        // CancelAsync would leave the orchestrator's thread.
#pragma warning disable CA1849
        _losing?.Cancel();
#pragma warning restore CA1849
        _losing?.Dispose();
        (_losing, _timer) = (null, null);
    }
}
