using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Reaping;

/// <summary>Which captures that ended owe the proof that their rights are gone, or that what they had is discarded, and what the reaper has to know to give it.</summary>
internal static class OwedRevocations
{
    /// <summary>Whether a capture that ended has rights that nobody has proven gone, the reaper included.</summary>
    public static async Task<bool> IsOwedAsync(OrchestrationMetadata ended, DurableTaskClient client, CancellationToken cancellationToken) =>
        Of(ended, DateTimeOffset.MinValue) is not null && await LaterProofs.TryReadAsync(client, ended.InstanceId, cancellationToken) is not { Proof.Proven: true };

    /// <param name="instance">A capture that ended, with its input, status and output.</param>
    /// <param name="now">Since when the reaper sees to it, UTC.</param>
    /// <returns>Null when it ended with its proof, had no rights, or is no capture.</returns>
    public static RevocationOrder? Of(OrchestrationMetadata instance, DateTimeOffset now)
    {
        if (instance is not { Name: nameof(CaptureOrchestrator), IsCompleted: true, SerializedInput: not null })
        {
            return null;
        }

        if (instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed, SerializedOutput: not null })
        {
            return instance.ReadOutputAs<CaptureReport>() is { State: CaptureState.RevokeUnproven or CaptureState.NotDiscarded, Plan: { } plan } report
                ? new(instance.InstanceId, plan, report.Timeline, Stuck: false, new(now) { OnlyDiscards = report.State == CaptureState.NotDiscarded })
                {
                    Discard = report.Timeline.Any(step => step is { Step: CaptureSteps.DiscardCapture, Fault: not null }),
                }
                : null;
        }

        // Failed, or ended from outside: nobody knows how far it got.
        return FromStatus(instance, stuck: false, now);
    }

    /// <summary>Of a capture or fleet that is past its deadline.</summary>
    public static RevocationOrder OfStuck(OrchestrationMetadata instance, DateTimeOffset now) =>
        instance.Name == nameof(FleetOrchestrator) ? new(instance.InstanceId, null, [], Stuck: true, new(now, Stuck: true)) : FromStatus(instance, stuck: true, now);

    private static RevocationOrder FromStatus(OrchestrationMetadata instance, bool stuck, DateTimeOffset now)
    {
        var order = instance.ReadInputAs<CaptureOrder>()!;
        var progress = StuckInstances.Status<CaptureProgress>(instance);
        var site = order.Target.Method is null or CaptureMethods.Auto ? CaptureMethods.Pod : order.Target.Method;
        var known = progress?.Plan ?? new PlanInShort(site, string.Empty, string.Empty, string.Empty, null);
        return new(instance.InstanceId, known.For(order), progress?.Timeline ?? [], stuck, new(now, stuck));
    }
}
