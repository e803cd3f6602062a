using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Reaping;

/// <summary>Whether an orchestration that runs is past its own deadline. What it shows of itself decides; nothing is changed.</summary>
internal static class StuckInstances
{
    /// <param name="instance">A capture or a fleet, with its input and status.</param>
    /// <param name="client">Asked for a fleet's captures.</param>
    /// <param name="now">UTC.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>Since when it should have ended; null when it may still run.</returns>
    public static async Task<DateTimeOffset?> SinceAsync(OrchestrationMetadata instance, DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (instance.IsCompleted || instance.SerializedInput is null)
        {
            return null;
        }

        var deadline = instance.Name switch
        {
            nameof(CaptureOrchestrator) => CaptureDeadlines.Of(instance.ReadInputAs<CaptureOrder>()!, Status<CaptureProgress>(instance), instance.CreatedAt),
            nameof(FleetOrchestrator) => Status<FleetProgress>(instance) is var fleet && CaptureDeadlines.Of(fleet, instance.CreatedAt) is { } waiting
                ? waiting
                : await AfterMembersAsync(fleet!, client, cancellationToken),
            _ => null,
        };
        return deadline < now ? deadline : null;
    }

    public static T? Status<T>(OrchestrationMetadata instance)
        where T : class => instance.SerializedCustomStatus is null ? null : instance.ReadCustomStatusAs<T>();

    /// <summary>A fleet ends with the last of its captures; null while one of them runs, or has rights that are not proven gone.</summary>
    private static async Task<DateTimeOffset?> AfterMembersAsync(FleetProgress fleet, DurableTaskClient client, CancellationToken cancellationToken)
    {
        DateTimeOffset? last = null;
        foreach (var member in fleet.Members)
        {
            if (await client.GetInstanceAsync(member.CaptureId, getInputsAndOutputs: true, cancellationToken) is not { IsCompleted: true } ended
                || await OwedRevocations.IsOwedAsync(ended, client, cancellationToken))
            {
                return null;
            }

            last = last > ended.LastUpdatedAt ? last : ended.LastUpdatedAt;
        }

        return last + CaptureDeadlines.Grace;
    }
}
