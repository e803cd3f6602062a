using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>The names of the activity functions by which the reaper goes on revoking.</summary>
public static class RevocationSteps
{
    /// <summary>Revokes once more, asks, and writes the proof down where it belongs.</summary>
    public const string ProveRevocation = nameof(ProveRevocation);

    /// <summary>Looks whether an orchestration is past its deadline, and where wanted asks it to end.</summary>
    public const string LookAtStuck = nameof(LookAtStuck);

    /// <summary>Ends an orchestration that does not end by itself. Only after its rights are proven gone: it skips the revoke.</summary>
    public const string EndStuck = nameof(EndStuck);
}

/// <summary>Input of <see cref="RevocationSteps.ProveRevocation"/>.</summary>
/// <param name="Plan">The capture.</param>
/// <param name="Timeline">Its steps.</param>
/// <param name="Try">From 1.</param>
/// <param name="Discard">Whether what the capture had fetched is to be discarded as well.</param>
public sealed record ProveRequest(CapturePlan Plan, IReadOnlyList<StepRecord> Timeline, int Try, bool Discard = false);

/// <summary>Input of <see cref="RevocationSteps.LookAtStuck"/>.</summary>
/// <param name="CaptureId">The capture or fleet.</param>
/// <param name="AskToEnd">Cancel it, as a user would, when it is past its deadline.</param>
public sealed record StuckRequest(string CaptureId, bool AskToEnd);

/// <summary>Output of <see cref="RevocationSteps.LookAtStuck"/>.</summary>
public sealed record StuckSeen(StuckState State);

/// <summary>Output of <see cref="RevocationSteps.EndStuck"/>.</summary>
public sealed record StuckEnded(string CaptureId);

/// <summary>What became of an orchestration that was past its deadline.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StuckState>))]
public enum StuckState
{
    /// <summary>It still runs, and is still past its deadline.</summary>
    Stuck,

    /// <summary>It goes on.</summary>
    Moving,

    /// <summary>It has ended, or is not known any more.</summary>
    Ended,
}
