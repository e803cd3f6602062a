using CaptureFlow.Orchestrations;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Notifications;

/// <summary>
/// Has a capture watched, from its first step on, when somebody wants to hear of its end. From the first step because every capture has one,
/// whoever ordered it; and from outside because a capture that fails, or is ended from outside, can tell nobody.
/// </summary>
public sealed class NotificationWatch(IOptions<NotificationsOptions> options, ILogger<NotificationWatch> logger)
{
    /// <summary>Does it once, however often it is called. Never fails: a capture does not depend on whom it is told to.</summary>
    /// <param name="captureId">The capture, or fleet.</param>
    /// <param name="callback">Whether its order has an address of its own to tell.</param>
    /// <param name="client">Starts the watch.</param>
    /// <param name="cancellationToken">Of the step.</param>
    internal async Task EnsureStartedAsync(string captureId, bool callback, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (options.Value.Receivers.Count == 0 && !callback)
        {
            return;
        }

        try
        {
            var start = new StartOrchestrationOptions(WatchedCapture.InstanceIdOf(captureId)).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(NotificationOrchestrator), new WatchedCapture(captureId), start, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The step was repeated.
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The boundary between capturing and telling: the first goes on without the second.
            Log.NotWatched(logger, captureId, e);
        }
    }
}
