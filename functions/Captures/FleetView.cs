using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>The capture of several pods as the API shows it. The same shape while it runs and after it ended.</summary>
internal sealed record FleetView
{
    public required string Id { get; init; }

    public required CaptureState Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public FleetOrder? Order { get; init; }

    /// <summary>The captures, one for each pod; each can be asked for by its own id.</summary>
    public IReadOnlyList<FleetMemberView> Members { get; init; } = [];

    /// <summary>Pods that match and are not captured, each with the reason.</summary>
    public IReadOnlyList<LeftOutPod> LeftOut { get; init; } = [];

    /// <summary>How many more there are than are listed while it runs; at the end all are.</summary>
    public int LeftOutMore { get; init; }

    /// <summary>The time in which all taps listen; null until the last one does.</summary>
    public SharedWindow? Window { get; init; }

    /// <summary>The second person's word, for all pods; null when nobody is asked.</summary>
    public ApprovalState? Approval { get; init; }

    /// <summary>The place in line, as long as it waits there.</summary>
    public QueuePlace? Queue { get; init; }

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    public required IReadOnlyDictionary<string, string> Links { get; init; }

    public static bool IsFleet(OrchestrationMetadata instance) => instance.Name == nameof(FleetOrchestrator);

    /// <summary>Without what the captures are doing at the moment; <see cref="WithMembersAsync"/> adds it.</summary>
    public static FleetView Of(OrchestrationMetadata instance)
    {
        var progress = instance.SerializedCustomStatus is null ? null : instance.ReadCustomStatusAs<FleetProgress>();
        var view = new FleetView
        {
            Id = instance.InstanceId,
            Status = progress?.State ?? CaptureState.Planning,
            CreatedAt = instance.CreatedAt,
            UpdatedAt = instance.LastUpdatedAt,
            Order = instance.SerializedInput is null ? null : instance.ReadInputAs<FleetOrder>()! with { Callback = null },
            Members = [.. (progress?.Members ?? []).Select(member => new FleetMemberView(member.CaptureId, member.Pod, CaptureState.Planning))],
            LeftOut = progress?.LeftOut ?? [],
            LeftOutMore = progress?.LeftOutMore ?? 0,
            Window = progress?.Window,
            Approval = progress?.Approval,
            Queue = progress?.Queue,
            Links = CaptureLinks.Of(instance.InstanceId, fileName: null, ended: instance.IsCompleted),
        };
        return instance.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Completed when instance.SerializedOutput is not null => Ended(view, instance.ReadOutputAs<FleetReport>()!),
            OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated => view with
            {
                Status = CaptureState.RevokeUnproven,
                Faults = [CaptureView.EndedFromOutside(instance)],
            },
            _ when view.Status == CaptureState.AwaitingApproval => view with { Links = CaptureLinks.WithDecision(view.Id, view.Links) },
            _ => view,
        };
    }

    /// <summary>Adds what each capture is doing, from its own instance.</summary>
    public async Task<FleetView> WithMembersAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (Status >= CaptureState.Completed)
        {
            return this;
        }

        var instances = await Task.WhenAll(Members.Select(member => client.GetInstanceAsync(member.Id, getInputsAndOutputs: true, cancellationToken)));
        return this with
        {
            Members = [.. Members.Zip(instances, (member, instance) => instance is null ? member : FleetMemberView.Of(member.Pod, CaptureView.Of(instance)))],
        };
    }

    private static FleetView Ended(FleetView view, FleetReport report) => view with
    {
        Status = report.State,
        Members = [.. report.Members.Select(FleetMemberView.Of)],
        LeftOut = report.LeftOut,
        LeftOutMore = 0,
        Window = report.Window,
        Approval = report.Approval,
        Queue = null,
        Faults = report.Faults,
        Links = CaptureLinks.Of(view.Id, fileName: null, ended: true, hasLog: report.State == CaptureState.Denied),
    };
}
