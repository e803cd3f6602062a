using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// The id of an order that may come again: the same key leads to the same capture for as long as anything tells of it. Orchestrations are forgotten
/// before evidence is, and a second run under a first one's id would get rights that its log does not have, and evidence that looks forged.
/// </summary>
public sealed class OrderIds(ICaptureStore store, ICustodyLog log)
{
    /// <summary>A key whose capture came to nothing is used again after each time that history is forgotten: 30 years at the default of 30 days.</summary>
    private const int MostRuns = 365;

    /// <param name="key">Names who asks, and what they call the order.</param>
    /// <param name="client">Of the orchestrations.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="StepUnavailableException">The evidence store is away.</exception>
    /// <exception cref="StoreRefusedException">The evidence store refuses.</exception>
    internal async Task<OrderId> FindAsync(string key, DurableTaskClient client, CancellationToken cancellationToken)
    {
        for (var run = 1; run <= MostRuns; run++)
        {
            var id = CaptureIds.FromKey(run == 1 ? key : $"{key}\n{run}");
            if (await LookAsync(id, client, cancellationToken) is { } found)
            {
                return found;
            }
        }

        throw new InvalidOperationException($"All {MostRuns} ids of a key have a log and no capture.");
    }

    /// <returns>Null when only a log is left of it, of a capture that came to nothing.</returns>
    private async Task<OrderId?> LookAsync(string id, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } instance)
        {
            return new(id, instance, null);
        }

        if (await store.TryReadManifestAsync(id, cancellationToken) is { } manifest)
        {
            return new(id, null, manifest);
        }

        if (await log.TryOpenAsync(id, cancellationToken) is not { } left)
        {
            return new(id, null, null);
        }

        await left.DisposeAsync();
        // It may have begun since the first question, and written its first entry before the second.
        return await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } begun ? new(id, begun, null) : null;
    }
}

/// <param name="Id">Of the capture.</param>
/// <param name="Instance">Its orchestration, where that is remembered.</param>
/// <param name="Stored">Its evidence, where only that is left.</param>
internal sealed record OrderId(string Id, OrchestrationMetadata? Instance, CaptureManifest? Stored)
{
    public bool IsKnown => Instance is not null || Stored is not null;
}
