using System.Text.Json.Serialization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Answer of <c>GET /api/captures/{id}</c>.</summary>
internal sealed record CaptureStatus
{
    public required string Id { get; init; }

    public required CaptureState Status { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public ShownOrder? Order { get; init; }

    public CaptureProgress? Progress { get; init; }

    public Verdict? Verdict { get; init; }

    public StoredEvidence? Evidence { get; init; }

    public TapSummary? Tapped { get; init; }

    public RevocationProof? Revocation { get; init; }

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    /// <summary>The pods, when there are several.</summary>
    public IReadOnlyList<MemberStatus>? Members { get; init; }

    public IReadOnlyList<LeftOutPod>? LeftOut { get; init; }

    /// <summary>The time in which the taps of all pods listen.</summary>
    public SharedWindow? Window { get; init; }

    /// <summary>Of several pods; a single one has it in its progress.</summary>
    public ApprovalState? Approval { get; init; }

    /// <inheritdoc cref="Approval"/>
    public QueuePlace? Queue { get; init; }

    /// <summary>True while nothing happens until somebody else does something.</summary>
    [JsonIgnore]
    public bool Waits => Status is CaptureState.AwaitingApproval or CaptureState.Queued;

    [JsonIgnore]
    public bool Ended => IsEnd(Status);

    public static bool IsEnd(CaptureState state) =>
        state is CaptureState.Completed or CaptureState.Refused or CaptureState.Denied or CaptureState.Expired or CaptureState.Cancelled or CaptureState.Failed or CaptureState.RevokeUnproven
            or CaptureState.NotDiscarded;
}
