using System.Text.Json;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;

namespace CaptureFlow.Functions.Tests;

/// <summary>An orchestration store with given instances, three to a page.</summary>
internal sealed class FakeOrchestrations() : DurableTaskClient("fake")
{
    private readonly List<OrchestrationMetadata> _instances = [];

    public List<PurgeInstancesFilter> Purges { get; } = [];

    public Queue<PurgeResult> PurgeResults { get; } = [];

    public void Add(CaptureOrder order, OrchestrationRuntimeStatus status, CaptureReport? report = null) => _instances.Add(new("CaptureOrchestrator", order.CaptureId)
    {
        DataConverter = new JsonDataConverter(CaptureJson.Options),
        RuntimeStatus = status,
        SerializedInput = JsonSerializer.Serialize(order, CaptureJson.Options),
        SerializedOutput = report is null ? null : JsonSerializer.Serialize(report, CaptureJson.Options),
    });

    public void Add<TInput, TStatus>(
        string orchestrator, string id, TInput input, TStatus status, OrchestrationRuntimeStatus runtime = OrchestrationRuntimeStatus.Running) => _instances.Add(new(orchestrator, id)
    {
        DataConverter = new JsonDataConverter(CaptureJson.Options),
        RuntimeStatus = runtime,
        SerializedInput = JsonSerializer.Serialize(input, CaptureJson.Options),
        SerializedCustomStatus = JsonSerializer.Serialize(status, CaptureJson.Options),
    });

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        Pageable.Create((token, _, _) =>
        {
            var from = int.Parse(token ?? filter?.ContinuationToken ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            return Task.FromResult(new Page<OrchestrationMetadata>([.. _instances.Skip(from).Take(3)], from + 3 < _instances.Count ? $"{from + 3}" : null));
        });

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Task.FromResult(_instances.Find(instance => instance.InstanceId == instanceId));

    public override Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        Purges.Add(filter);
        return Task.FromResult(PurgeResults.TryDequeue(out var result) ? result : new PurgeResult(0, isComplete: true));
    }

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
