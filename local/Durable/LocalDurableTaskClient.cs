using CaptureFlow.Local.Durable.Dispatch;
using CaptureFlow.Local.Durable.History;
using CaptureFlow.Local.Durable.Storage;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Local.Durable;

/// <summary>
/// The client of the embedded engine. Each call is kept before it returns. What is sent to an instance that is over or unknown is
/// dropped without a word, as Durable Task documents.
/// </summary>
internal sealed class LocalDurableTaskClient(
    InstanceStore store, InstanceWatch watch, DataConverter converter, TimeProvider time, TimeSpan? poll) : DurableTaskClient("local")
{
    private static readonly string[] UnfinishedStatuses = [InstanceStatus.Pending, InstanceStatus.Running, InstanceStatus.Suspended];

    /// <summary>
    /// Starts an instance. With an id that exists: if the old instance's status is one of the dedupe statuses the start is refused;
    /// otherwise the old one is terminated, if it is not over, and replaced. No dedupe statuses means that all are replaced.
    /// </summary>
    /// <exception cref="OrchestrationAlreadyExistsException">The old instance has one of the dedupe statuses.</exception>
    /// <exception cref="ArgumentException">
    /// A dedupe status is unknown; or they hold Terminated while they let an unfinished instance be terminated and replaced.
    /// </exception>
    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        var duplicates = Duplicates(options);
        var instance = new NewInstance(
            options?.InstanceId ?? Guid.NewGuid().ToString("N"),
            orchestratorName.Name,
            options?.Version?.Version ?? string.Empty,
            converter.Serialize(input),
            options?.StartAt?.UtcDateTime,
            options?.Tags);
        return await store.CreateAsync(instance, duplicates, cancellation) is { } status
            ? throw new OrchestrationAlreadyExistsException($"An instance {instance.InstanceId} exists, and it is {status}.")
            : instance.InstanceId;
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return store.PostAsync(instanceId, new EventRaised(eventName, converter.Serialize(eventPayload)), cancellation);
    }

    /// <exception cref="InvalidOperationException">There is no such instance.</exception>
    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, row => row.Status != InstanceStatus.Pending, getInputsAndOutputs, cancellation);

    /// <exception cref="InvalidOperationException">There is no such instance.</exception>
    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, row => row.IsTerminal, getInputsAndOutputs, cancellation);

    /// <summary>Ends an instance without running its code again, not even a <c>finally</c>. CaptureFlow itself never calls this.</summary>
    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return store.TerminateAsync(instanceId, converter.Serialize(options?.Output), options?.Recursive ?? false, cancellation);
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
        => store.PostAsync(instanceId, new ExecutionSuspended(reason), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
        => store.PostAsync(instanceId, new ExecutionResumed(reason), cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => await store.FindAsync(instanceId, cancellation) is { } row ? ToMetadata(row, getInputsAndOutputs) : null;

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        filter ??= new OrchestrationQuery();
        var wanted = new InstanceFilter(filter.CreatedFrom, filter.CreatedTo, filter.Statuses, filter.InstanceIdPrefix);
        return Pageable.Create<OrchestrationMetadata>(async (token, sizeHint, cancellation) =>
        {
            var size = Math.Max(1, sizeHint ?? filter.PageSize);
            var rows = await store.PageAsync(wanted.StartingAfter(token ?? filter.ContinuationToken), size + 1, cancellation);
            var page = rows.Take(size).ToList();
            return new Page<OrchestrationMetadata>(
                [.. page.Select(row => ToMetadata(row, filter.FetchInputsAndOutputs))],
                rows.Count > size ? InstanceFilter.TokenAfter(page[^1]) : null);
        });
    }

    /// <exception cref="InvalidOperationException">The instance is not over.</exception>
    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
        => new(await store.PurgeAsync(instanceId, options?.Recursive ?? false, cancellation));

    /// <summary>Forgets instances that are over and pass the filter; others are left alone.</summary>
    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var wanted = new InstanceFilter(filter.CreatedFrom, filter.CreatedTo, filter.Statuses);
        return new PurgeResult(await store.PurgeAsync(wanted, options?.Recursive ?? false, cancellation), isComplete: true);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static HashSet<string> Duplicates(StartOrchestrationOptions? options)
    {
        var duplicates = new HashSet<string>();
        foreach (var text in options?.DedupeStatuses ?? [])
        {
            if (!Enum.TryParse<OrchestrationRuntimeStatus>(text, ignoreCase: true, out var status))
            {
                throw new ArgumentException($"{text} is not a runtime status.", nameof(options));
            }

            duplicates.Add(status.ToString());
        }

        if (duplicates.Contains(InstanceStatus.Terminated) && UnfinishedStatuses.Any(status => !duplicates.Contains(status)))
        {
            throw new ArgumentException(
                "The dedupe statuses hold Terminated, and yet let an unfinished instance be terminated and replaced.", nameof(options));
        }

        return duplicates;
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<InstanceRow, bool> isReached, bool withPayloads, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        while (true)
        {
            var change = watch.NextChange(instanceId);
            var row = await store.FindAsync(instanceId, cancellation)
                ?? throw new InvalidOperationException($"There is no instance {instanceId}.");
            if (isReached(row))
            {
                return ToMetadata(row, withPayloads);
            }

            // Another host's changes to a shared file ring no bell here.
            var limit = poll ?? Timeout.InfiniteTimeSpan;
            await change.WaitAsync(limit, time, cancellation)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private OrchestrationMetadata ToMetadata(InstanceRow row, bool withPayloads) => new(row.Name, row.InstanceId)
    {
        DataConverter = withPayloads ? converter : null,
        RuntimeStatus = Enum.Parse<OrchestrationRuntimeStatus>(row.Status),
        CreatedAt = row.CreatedAt,
        LastUpdatedAt = row.UpdatedAt,
        SerializedInput = withPayloads ? row.Input : null,
        SerializedOutput = withPayloads ? row.Output : null,
        SerializedCustomStatus = withPayloads ? row.CustomStatus : null,
        Tags = row.Tags ?? new Dictionary<string, string>(),
        FailureDetails = row.Failure?.ToDetails(),
    };
}
