using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Notifications;

/// <summary>Tells one receiver. Thrown when it is to be tried again.</summary>
public sealed class NotifyEndFunction(NotificationSender sender, Callbacks callbacks, IOptions<NotificationsOptions> options, ILogger<NotifyEndFunction> logger)
{
    [Function(NotificationSteps.NotifyEnd)]
    public async Task<Delivery> RunAsync([ActivityTrigger] Notification notification, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notification);
        var (name, captureId) = (notification.Receiver, notification.Ending.CaptureId);
        var receiver = name == Callbacks.ReceiverName ? callbacks.TryOpen(notification.Ending.Callback) : options.Value.Receivers.TryGetValue(name, out var known) ? known : null;
        if (receiver is null)
        {
            // Taken out of the configuration meanwhile.
            return new(name, Delivered: false);
        }

        try
        {
            var status = (int)await sender.SendAsync(receiver, notification.Ending, options.Value.PublicUrl, cancellationToken);
            if (status is >= 200 and < 300)
            {
                Log.Told(logger, captureId, name);
                return new(name, Delivered: true);
            }

            Log.Refused(logger, captureId, name, status);
            return new(name, Delivered: false);
        }
        catch (StepUnavailableException away)
        {
            Log.NotTold(logger, captureId, name, away.Message);
            throw;
        }
    }
}
