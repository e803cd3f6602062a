using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>The orchestration's custom status while it runs; within the 16 KB that the platform allows (see <see cref="Bounded"/>).</summary>
/// <param name="State">What it is doing.</param>
/// <param name="Timeline">The steps so far.</param>
/// <param name="Bytes">Bytes in the file, as last observed; null before the tap.</param>
/// <param name="WindowStartedAt">UTC; null before the tap listens.</param>
/// <param name="WindowEndsAt">UTC; null before the tap listens.</param>
public sealed record CaptureProgress(
    CaptureState State,
    IReadOnlyList<StepRecord> Timeline,
    long? Bytes = null,
    DateTimeOffset? WindowStartedAt = null,
    DateTimeOffset? WindowEndsAt = null)
{
    /// <summary>Characters of its JSON. A custom status of more than 16 KB of UTF-16 fails the orchestration; a platform's own JSON may be a little longer.</summary>
    public const int Longest = 7_000;

    /// <summary>The second person's word; null when nobody is asked.</summary>
    public ApprovalState? Approval { get; init; }

    /// <summary>The place in line, as long as it waits there.</summary>
    public QueuePlace? Queue { get; init; }

    /// <summary>A revoke whose last try failed: from the first failed try on until the rights are proven gone; null otherwise.</summary>
    public UnprovenRevoke? RevokeUnproven { get; init; }

    /// <summary>Where and how, once it is planned; null before, and after the end.</summary>
    public PlanInShort? Plan { get; init; }

    /// <summary>
    /// The same within <see cref="Longest"/>: of the timeline the first and the last steps stay, the report has them all; then the other side's own words go.
    /// </summary>
    public CaptureProgress Bounded()
    {
        var fits = this;
        while (fits.Length > Longest && fits.Timeline.Count > FewSteps)
        {
            fits = fits with { Timeline = [.. fits.Timeline.Take(FewSteps / 2), .. fits.Timeline.Skip((FewSteps / 2) + 1)] };
        }

        if (fits.Length > Longest && fits.RevokeUnproven is { } open)
        {
            fits = fits with { RevokeUnproven = open with { Fault = open.Fault with { Detail = null } } };
        }

        return fits.Length > Longest && fits.Approval is { Decision: { } decision } approval
            ? fits with { Approval = approval with { Decision = decision with { Comment = null } } }
            : fits;
    }

    private const int FewSteps = 12;

    // The same for the same status, so that a replay comes to the same.
    private int Length => System.Text.Json.JsonSerializer.Serialize(this).Length;
}

/// <summary>The states that a user sees.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CaptureState>))]
public enum CaptureState
{
    [JsonStringEnumMemberName("planning")] Planning,

    /// <summary>A second person has to say yes; nothing has been changed.</summary>
    [JsonStringEnumMemberName("awaitingApproval")] AwaitingApproval,

    /// <summary>In line for a place within the quotas; nothing has been changed.</summary>
    [JsonStringEnumMemberName("queued")] Queued,
    [JsonStringEnumMemberName("granting")] Granting,
    [JsonStringEnumMemberName("attaching")] Attaching,
    [JsonStringEnumMemberName("capturing")] Capturing,
    [JsonStringEnumMemberName("finishing")] Finishing,
    [JsonStringEnumMemberName("retrieving")] Retrieving,
    [JsonStringEnumMemberName("storing")] Storing,

    /// <summary>Cancel was asked; the step under way ends first, then everything is taken back.</summary>
    [JsonStringEnumMemberName("cancelling")] Cancelling,
    [JsonStringEnumMemberName("revoking")] Revoking,

    /// <summary>Ended with evidence, and the rights are proven gone. The verdict says what the evidence is worth.</summary>
    [JsonStringEnumMemberName("completed")] Completed,

    /// <summary>Ended before anything was changed.</summary>
    [JsonStringEnumMemberName("refused")] Refused,

    /// <summary>A second person said no; nothing was changed.</summary>
    [JsonStringEnumMemberName("denied")] Denied,

    /// <summary>No second person said anything in time; nothing was changed.</summary>
    [JsonStringEnumMemberName("expired")] Expired,

    /// <summary>Ended on request, evidence discarded, rights proven gone.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,

    /// <summary>Ended without evidence; rights proven gone.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Ended, but the rights could not be proven gone; the reaper goes on.</summary>
    [JsonStringEnumMemberName("revokeUnproven")] RevokeUnproven,

    /// <summary>Ended on request, rights proven gone; what had been fetched could not be discarded, and the reaper goes on.</summary>
    [JsonStringEnumMemberName("notDiscarded")] NotDiscarded,
}
