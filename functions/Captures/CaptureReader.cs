using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>Finds a capture by its id: in the orchestration store, or in the evidence store once its orchestration is forgotten.</summary>
public sealed class CaptureReader(ICaptureStore store)
{
    /// <summary>Null when there is none.</summary>
    /// <exception cref="StepUnavailableException">The evidence store is away.</exception>
    /// <exception cref="StoreRefusedException">The evidence store refuses.</exception>
    internal async Task<SeenCapture?> TryFindAsync(DurableTaskClient client, string id, CancellationToken cancellationToken)
    {
        if (!CaptureIds.IsValid(id))
        {
            return null;
        }

        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is not { } instance)
        {
            return await store.TryReadManifestAsync(id, cancellationToken) is { } manifest ? SeenCapture.Of(StoredCaptureView.Of(manifest)) : null;
        }

        return FleetView.IsFleet(instance)
            ? SeenCapture.Of(await FleetView.Of(instance).WithMembersAsync(client, cancellationToken))
            : SeenCapture.Of(CaptureView.Of(instance));
    }
}
