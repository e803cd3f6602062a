using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// Finds a capture by its id: in the orchestration store, or in the evidence store once its orchestration is forgotten; and before it has begun, by the
/// alert that was answered with it.
/// </summary>
public sealed class CaptureReader(ICaptureStore store, TimeProvider time)
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
            return await store.TryReadManifestAsync(id, cancellationToken) is { } manifest
                ? SeenCapture.Of(StoredCaptureView.Of(manifest))
                : await AnnouncedCapture.TryFindAsync(client, id, time.GetUtcNow(), cancellationToken);
        }

        if (FleetView.IsFleet(instance))
        {
            var fleet = await FleetView.Of(instance).WithMembersAsync(client, cancellationToken);
            return SeenCapture.Of(await fleet.WithLaterProofsAsync(client, cancellationToken));
        }

        return SeenCapture.Of(await LatestAsync(CaptureView.Of(instance), instance, client, cancellationToken));
    }

    /// <summary>Of one whose orchestration ended without a report, the manifest knows more, once the reaper has given the proof.</summary>
    private async Task<CaptureView> LatestAsync(CaptureView view, OrchestrationMetadata instance, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var later = await view.WithLaterProofAsync(client, cancellationToken);
        return later.Status != view.Status && instance.RuntimeStatus != OrchestrationRuntimeStatus.Completed
            && await store.TryReadManifestAsync(view.Id, cancellationToken) is { } manifest
            ? StoredCaptureView.Of(manifest) with { Faults = later.Faults, Reaper = later.Reaper }
            : later;
    }
}
