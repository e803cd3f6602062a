using CaptureFlow.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using DurableTask.Core.Exceptions;

namespace CaptureFlow.Functions.Reaping;

/// <summary>The orchestrations by which the reaper goes on revoking: one for each capture that needs it, whatever host looks.</summary>
internal static class LaterProofs
{
    private const int PageSize = 100;

    private static readonly OrchestrationRuntimeStatus[] Open =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <summary>What became of it; null when the reaper never took the capture up, or has not come to an end.</summary>
    public static async Task<RevocationReport?> TryReadAsync(DurableTaskClient client, string captureId, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(RevocationOrder.InstanceIdOf(captureId), getInputsAndOutputs: true, cancellationToken) is { } instance ? Report(instance) : null;

    /// <summary>The report, and where it has not come to an end, how it fares.</summary>
    public static async Task<(RevocationReport? Report, RevocationTries? Tries)> LookAsync(DurableTaskClient client, string captureId, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(RevocationOrder.InstanceIdOf(captureId), getInputsAndOutputs: true, cancellationToken) is not { } instance)
        {
            return (null, null);
        }

        var report = Report(instance);
        return (report, report?.Tries ?? StuckInstances.Status<RevocationTries>(instance));
    }

    /// <summary>Those that have not come to an end, with how they fare.</summary>
    public static async Task<IReadOnlyList<OpenRevocation>> ListOpenAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        List<OpenRevocation> open = [];
        var query = new OrchestrationQuery { InstanceIdPrefix = RevocationOrder.Prefix + CaptureIds.Prefix, Statuses = Open, PageSize = PageSize, FetchInputsAndOutputs = true };
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            var id = instance.InstanceId[RevocationOrder.Prefix.Length..];
            if (CaptureIds.IsValid(id) && Open.Contains(instance.RuntimeStatus))
            {
                open.Add(new(id, StuckInstances.Status<RevocationTries>(instance) ?? new RevocationTries(instance.CreatedAt)));
            }
        }

        return open;
    }

    /// <summary>Has the reaper take a capture up, once, whoever else does so at the same moment.</summary>
    /// <returns>True when nothing is left to be done about it: it is proven.</returns>
    public static async Task<bool> EnsureAsync(DurableTaskClient client, RevocationOrder order, CancellationToken cancellationToken)
    {
        if (await TryReadAsync(client, order.CaptureId, cancellationToken) is { Proof.Proven: true })
        {
            return true;
        }

        try
        {
            // One that failed, was ended from outside, or let a capture go that went on by itself, is replaced; one that runs is not.
            var start = new StartOrchestrationOptions(RevocationOrder.InstanceIdOf(order.CaptureId)).WithDedupeStatuses(Open);
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(RevocationOrchestrator), order, start, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The other host was faster.
        }

        return false;
    }

    private static RevocationReport? Report(OrchestrationMetadata instance) =>
        instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed, SerializedOutput: not null } ? instance.ReadOutputAs<RevocationReport>() : null;
}

/// <summary>A capture that the reaper sees to.</summary>
internal sealed record OpenRevocation(string CaptureId, RevocationTries Tries);
