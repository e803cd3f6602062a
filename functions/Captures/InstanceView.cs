using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>An instance as the API shows it, whichever kind it is.</summary>
internal static class InstanceView
{
    /// <summary>A <see cref="CaptureView"/> or a <see cref="FleetView"/>.</summary>
    public static object Of(OrchestrationMetadata instance) => FleetView.IsFleet(instance) ? FleetView.Of(instance) : CaptureView.Of(instance);
}
