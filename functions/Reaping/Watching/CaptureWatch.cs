using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// Looks through the orchestrations of captures for those that ended without their proof, or run past their deadline, and has the reaper take them up.
/// Cheap with many: lists without what they hold, and reads each one that ended once.
/// </summary>
public sealed class CaptureWatch(TimeProvider time)
{
    /// <summary>
    /// How far back it looks: longer than any capture runs, waits for approval and in line included, and than a host is down over a long weekend. What is
    /// older has expired long ago, and the sweep took it back.
    /// </summary>
    private static readonly TimeSpan Reach = TimeSpan.FromDays(7);

    private const int PageSize = 500;

    private readonly Lock _gate = new();
    private HashSet<string> _settled = [];

    /// <summary>One round; may be cut short, and then goes on in the next one where the last one found nothing more to do.</summary>
    internal async Task<WatchReport> LookAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<StuckCapture> stuck = [];
        HashSet<string> seen = [];
        await foreach (var listed in client.GetAllInstancesAsync(Query(now)).WithCancellation(cancellationToken))
        {
            if (!CaptureIds.IsValid(listed.InstanceId) || (seen.Add(listed.InstanceId) && IsSettled(listed.InstanceId)))
            {
                continue;
            }

            var instance = await client.GetInstanceAsync(listed.InstanceId, getInputsAndOutputs: true, cancellationToken);
            if (instance is { IsCompleted: true })
            {
                if (OwedRevocations.Of(instance, now) is not { } owed || await LaterProofs.EnsureAsync(client, owed, cancellationToken))
                {
                    Settle(listed.InstanceId);
                }
            }
            else if (instance is not null && await StuckInstances.SinceAsync(instance, client, now, cancellationToken) is { } since)
            {
                stuck.Add(new(instance.InstanceId, since));
                await LaterProofs.EnsureAsync(client, OwedRevocations.OfStuck(instance, now), cancellationToken);
            }
        }

        Forget(seen);
        return new(stuck, await LaterProofs.ListOpenAsync(client, cancellationToken));
    }

    /// <summary>The same without having anything taken up.</summary>
    internal async Task<WatchReport> LookOnlyAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<StuckCapture> stuck = [];
        var running = Query(now) with { FetchInputsAndOutputs = true, Statuses = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended] };
        await foreach (var instance in client.GetAllInstancesAsync(running).WithCancellation(cancellationToken))
        {
            if (CaptureIds.IsValid(instance.InstanceId) && await StuckInstances.SinceAsync(instance, client, now, cancellationToken) is { } since)
            {
                stuck.Add(new(instance.InstanceId, since));
            }
        }

        return new(stuck, await LaterProofs.ListOpenAsync(client, cancellationToken));
    }

    private static OrchestrationQuery Query(DateTimeOffset now) => new() { InstanceIdPrefix = CaptureIds.Prefix, CreatedFrom = now - Reach, PageSize = PageSize };

    private bool IsSettled(string captureId)
    {
        lock (_gate)
        {
            return _settled.Contains(captureId);
        }
    }

    private void Settle(string captureId)
    {
        lock (_gate)
        {
            _settled.Add(captureId);
        }
    }

    // What is listed no more need not be remembered.
    private void Forget(HashSet<string> seen)
    {
        lock (_gate)
        {
            _settled = [.. _settled.Where(seen.Contains)];
        }
    }
}

/// <summary>What a look through the orchestrations found.</summary>
/// <param name="Stuck">Run past their deadline.</param>
/// <param name="Open">Those that the reaper sees to.</param>
internal sealed record WatchReport(IReadOnlyList<StuckCapture> Stuck, IReadOnlyList<OpenRevocation> Open)
{
    /// <summary>Captures that ended and whose rights are not proven gone.</summary>
    public IReadOnlyList<OpenRevocation> Unproven => [.. Open.Where(open => open.Tries is { Stuck: false, OnlyDiscards: false })];
}

/// <summary>A capture or fleet that runs past its deadline.</summary>
/// <param name="CaptureId">Its id.</param>
/// <param name="Deadline">When it should have ended at the latest, UTC.</param>
public sealed record StuckCapture(string CaptureId, DateTimeOffset Deadline);
