using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>Answer to an order: the capture that it started, or that the same key started before.</summary>
internal sealed record Accepted(string Id, CaptureState Status, IReadOnlyDictionary<string, string> Links, DateTimeOffset CreatedAt)
{
    public static Accepted Now(RequestedOrder order) =>
        new(order.CaptureId, CaptureState.Planning, CaptureLinks.Of(order.CaptureId, null, ended: false), order.RequestedAt);

    public static Accepted Before(OrchestrationMetadata instance) => InstanceView.Of(instance) switch
    {
        FleetView fleet => new(fleet.Id, fleet.Status, fleet.Links, fleet.Order?.RequestedAt ?? fleet.CreatedAt),
        CaptureView view => Of(view),
        var other => throw new InvalidOperationException($"{other.GetType()} is no view of a capture."),
    };

    /// <summary>One of which only the evidence is left.</summary>
    public static Accepted Before(CaptureManifest stored) => Of(StoredCaptureView.Of(stored));

    private static Accepted Of(CaptureView view) => new(view.Id, view.Status, view.Links, view.Order?.RequestedAt ?? view.CreatedAt);
}
