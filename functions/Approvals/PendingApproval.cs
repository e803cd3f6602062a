using CaptureFlow.Evidence;
using CaptureFlow.Functions.Captures;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Approvals;

/// <summary>Whether an instance waits for a second person, and who the first one is.</summary>
/// <param name="RequesterId">The stable id of who ordered it.</param>
/// <param name="IsOpen">True while a word counts.</param>
/// <param name="Asked">What was ordered, for the log of one that is denied.</param>
internal sealed record PendingApproval(string RequesterId, bool IsOpen, CustodyEntry Asked)
{
    /// <summary>Null for an instance without an order.</summary>
    public static PendingApproval? Of(OrchestrationMetadata instance)
    {
        if (FleetView.IsFleet(instance))
        {
            var fleet = FleetView.Of(instance);
            return fleet.Order is { } all
                ? new(all.RequesterId ?? all.RequestedBy, fleet.Status == CaptureState.AwaitingApproval, CustodyNotes.Asked(all))
                : null;
        }

        var capture = CaptureView.Of(instance);
        return capture.Order is { } order
            ? new(order.RequesterId ?? order.RequestedBy, capture.Status == CaptureState.AwaitingApproval, CustodyNotes.Asked(order))
            : null;
    }
}
