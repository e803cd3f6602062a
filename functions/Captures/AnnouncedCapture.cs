using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// A capture that an alert has been answered with, and that its orchestration has not begun yet: planning. The instance that stands for the alert's target
/// knows of it already.
/// </summary>
internal static class AnnouncedCapture
{
    /// <summary>
    /// How old that instance is at most: from then on the capture has begun, or its start was given up. Three times what the retries of the start take (31 s),
    /// for hosts that are busy or down in between.
    /// </summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(5);

    /// <summary>Null when none is announced under this id.</summary>
    /// <param name="client">Is asked for the alerts of the last minutes alone.</param>
    /// <param name="id">Of the capture.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    public static async Task<SeenCapture?> TryFindAsync(DurableTaskClient client, string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        OrchestrationQuery recent = new()
        {
            InstanceIdPrefix = AlertOrder.InstancePrefix,
            CreatedFrom = now - Recent,
            Statuses = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running],
            FetchInputsAndOutputs = true,
        };
        await foreach (var instance in client.GetAllInstancesAsync(recent).WithCancellation(cancellationToken))
        {
            if (instance.SerializedInput is not null && instance.ReadInputAs<AlertOrder>() is { } order && order.CaptureId == id)
            {
                return Of(order, instance);
            }
        }

        return null;
    }

    private static SeenCapture Of(AlertOrder order, OrchestrationMetadata alert)
    {
        var links = CaptureLinks.Of(order.CaptureId, fileName: null, ended: false);
        return order.Fleet is { } fleet
            ? SeenCapture.Of(new FleetView
            {
                Id = order.CaptureId, Status = CaptureState.Planning, CreatedAt = alert.CreatedAt, UpdatedAt = alert.LastUpdatedAt, Order = fleet, Links = links,
            })
            : SeenCapture.Of(new CaptureView
            {
                Id = order.CaptureId, Status = CaptureState.Planning, CreatedAt = alert.CreatedAt, UpdatedAt = alert.LastUpdatedAt, Order = order.Capture, Links = links,
            });
    }
}
