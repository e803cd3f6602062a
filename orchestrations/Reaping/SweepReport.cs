using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>What a sweep found and did.</summary>
/// <param name="At">UTC.</param>
/// <param name="Live">Grants that have not expired; not touched.</param>
/// <param name="Findings">What was past its expiry, and what became of it.</param>
/// <param name="Faults">What the sweep could not look at, and why.</param>
/// <param name="Clusters">Names of the clusters that were looked at, or that <paramref name="Faults"/> speaks of.</param>
public sealed record SweepReport(
    DateTimeOffset At,
    IReadOnlyList<LiveGrant> Live,
    IReadOnlyList<SweepFinding> Findings,
    IReadOnlyList<CaptureFault> Faults,
    IReadOnlyList<string> Clusters)
{
    /// <summary>Age of the oldest live grant; 0 when there is none.</summary>
    public double OldestLiveGrantSeconds => Live.Select(grant => grant.AgeSeconds ?? (At - grant.CreatedAt).TotalSeconds).Append(0).Max();
}

/// <summary>A grant that has not expired, as the place itself describes it.</summary>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="Namespace">Where it holds.</param>
/// <param name="CaptureId">Whose it is; also its name.</param>
/// <param name="RequestedBy">Who asked for the capture.</param>
/// <param name="Reason">Why; null when nobody said.</param>
/// <param name="CreatedAt">UTC, by the server's clock.</param>
/// <param name="ExpiresAt">UTC; from here on the reaper takes it back.</param>
public sealed record LiveGrant(
    string Cluster, string Namespace, string CaptureId, string RequestedBy, string? Reason, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>How long there is it, where that is known by the clock that wrote <see cref="CreatedAt"/>: another may be minutes apart from it.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>The expiry that stands on it where that is beyond any capture's, UTC; not believed. Null of every grant that CaptureFlow made.</summary>
    public DateTimeOffset? ClaimedExpiresAt { get; init; }
}

/// <summary>One thing past its expiry.</summary>
/// <param name="Kind">E.g. <c>rolebinding</c>, <c>serviceaccount</c>, <c>container</c>.</param>
/// <param name="Namespace">Where it was found.</param>
/// <param name="Name">Its name.</param>
/// <param name="CaptureId">The capture that made it.</param>
/// <param name="ExpiredAt">UTC.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Cluster">Name of the cluster.</param>
/// <param name="Detail">The server's words when it could not be taken back.</param>
public sealed record SweepFinding(
    string Kind, string Namespace, string Name, string CaptureId, DateTimeOffset ExpiredAt, SweepOutcome Outcome, string Cluster, string? Detail = null);

/// <summary>What became of a finding.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SweepOutcome>))]
public enum SweepOutcome
{
    /// <summary>Taken back, and its absence was seen.</summary>
    Removed,

    /// <summary>Still there; the next sweep tries again.</summary>
    Failed,

    /// <summary>Left alone, since it was only looked for. The next sweep takes it back.</summary>
    Overdue,
}
