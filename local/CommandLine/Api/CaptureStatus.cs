using System.Text.Json.Serialization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Answer of <c>GET /api/captures/{id}</c>.</summary>
internal sealed record CaptureStatus
{
    public required string Id { get; init; }

    public required CaptureState Status { get; init; }

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

    [JsonIgnore]
    public bool Ended => IsEnd(Status);

    public static bool IsEnd(CaptureState state) =>
        state is CaptureState.Completed or CaptureState.Refused or CaptureState.Cancelled or CaptureState.Failed or CaptureState.RevokeUnproven;
}
