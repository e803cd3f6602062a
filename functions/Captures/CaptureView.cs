using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>A capture as the API shows it. The same shape while it runs and after it ended.</summary>
internal sealed record CaptureView
{
    public required string Id { get; init; }

    public required CaptureState Status { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public CaptureOrder? Order { get; init; }

    /// <summary>The steps with their times, the window and the bytes so far.</summary>
    public CaptureProgress? Progress { get; init; }

    public Verdict? Verdict { get; init; }

    public StoredEvidence? Evidence { get; init; }

    public TapSummary? Tapped { get; init; }

    public RevocationProof? Revocation { get; init; }

    /// <summary>How the reaper fares, or fared, with a capture that ended without its proof; null of any other.</summary>
    public RevocationTries? Reaper { get; init; }

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    public required IReadOnlyDictionary<string, string> Links { get; init; }

    /// <summary>True once nothing more will happen by itself.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Ended => Status >= CaptureState.Completed;

    public static CaptureView Of(OrchestrationMetadata instance)
    {
        var view = new CaptureView
        {
            Id = instance.InstanceId,
            Status = CaptureState.Planning,
            CreatedAt = instance.CreatedAt,
            UpdatedAt = instance.LastUpdatedAt,
            Order = instance.SerializedInput is null ? null : instance.ReadInputAs<CaptureOrder>()! with { Callback = null },
            Links = CaptureLinks.Of(instance.InstanceId, fileName: null, ended: instance.IsCompleted),
        };

        return instance.RuntimeStatus switch
        {
            OrchestrationRuntimeStatus.Completed when instance.SerializedOutput is not null => Ending(view, instance.ReadOutputAs<CaptureReport>()!),
            OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated => Broken(view, instance),
            _ => Running(view, instance),
        };
    }

    private static CaptureView Running(CaptureView view, OrchestrationMetadata instance)
    {
        var progress = instance.SerializedCustomStatus is null ? null : instance.ReadCustomStatusAs<CaptureProgress>();
        return view with
        {
            Status = progress?.State ?? CaptureState.Planning,
            Progress = progress,
            Faults = progress?.RevokeUnproven is { } unproven ? [unproven.Fault] : [],
            Links = progress is { State: CaptureState.AwaitingApproval } ? CaptureLinks.WithDecision(view.Id, view.Links) : view.Links,
        };
    }

    private static CaptureView Ending(CaptureView view, CaptureReport report) => view with
    {
        Status = report.State,
        Order = report.Plan?.Order ?? view.Order,
        Progress = new CaptureProgress(
            report.State,
            report.Timeline,
            report.Tapped?.Bytes,
            report.Tap?.ListeningAt,
            report.Tap is { } tap ? tap.ListeningAt + (report.Plan?.Order.Window.Duration ?? TimeSpan.Zero) : null) { Approval = report.Approval },
        Verdict = report.Evidence?.Verdict,
        Evidence = report.Evidence,
        Tapped = report.Tapped,
        Revocation = report.Revocation,
        // Several steps may have run into the same.
        Faults = [.. report.Faults.Distinct()],
        Links = CaptureLinks.Of(view.Id, report.Evidence?.FileName, ended: true, hasManifest: report.Evidence is not null, hasLog: report.State == CaptureState.Denied),
    };

    /// <summary>The instance ended without its report: its rights, if it had any, are the reaper's business, and nobody has proven them gone.</summary>
    private static CaptureView Broken(CaptureView view, OrchestrationMetadata instance) => Running(view, instance) with
    {
        Status = CaptureState.RevokeUnproven,
        Faults = [EndedFromOutside(instance)],
    };

    internal static CaptureFault EndedFromOutside(OrchestrationMetadata instance) => new(
        FaultCodes.StepFailed,
        "The orchestration of this capture was ended from outside or failed.",
        "Whatever rights it had end with their expiry at the latest: the reaper takes them back. Its log says what it had stored by then.",
        Detail: instance.FailureDetails?.ErrorMessage);
}
