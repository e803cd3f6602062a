using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Reaping;

/// <summary>What access CaptureFlow has at a moment, on every cluster, as the clusters themselves say.</summary>
public sealed record AuditView
{
    /// <summary>UTC.</summary>
    public required DateTimeOffset At { get; init; }

    public required AuditState State { get; init; }

    /// <summary>The same in a sentence.</summary>
    public required string Statement { get; init; }

    /// <summary>Grants that have not expired, the oldest first.</summary>
    public required IReadOnlyList<AuditedGrant> Grants { get; init; }

    /// <summary>What should be gone, and is still there.</summary>
    public required IReadOnlyList<SweepFinding> Overdue { get; init; }

    /// <summary>What was overdue and is taken back; null of a mere look.</summary>
    public IReadOnlyList<SweepFinding>? Taken { get; init; }

    /// <summary>What could not be looked at.</summary>
    public required IReadOnlyList<CaptureFault> Faults { get; init; }

    public required IReadOnlyList<string> Clusters { get; init; }

    /// <summary>Captures that ended, and whose rights the reaper has not proven gone yet; null when the orchestration store did not answer.</summary>
    public IReadOnlyList<OwedProof>? Unproven { get; init; }

    /// <summary>Captures that run past their deadline; null when the orchestration store did not answer.</summary>
    public IReadOnlyList<StuckCapture>? Stuck { get; init; }

    /// <summary>What a sweep took back, and what access there is after it.</summary>
    internal static AuditView OfSweep(SweepReport report)
    {
        var gone = report.Findings.Where(finding => finding.Outcome == SweepOutcome.Removed).ToList();
        return Of(report with { Findings = [.. report.Findings.Except(gone)] }, watched: null) with { Taken = gone };
    }

    internal static AuditView Of(SweepReport report, WatchReport? watched)
    {
        var state = report.Findings.Count > 0 ? AuditState.Overdue
            : report.Faults.Count > 0 ? AuditState.Unknown
            : report.Live.Count > 0 ? AuditState.Live
            : AuditState.None;
        return new()
        {
            At = report.At,
            State = state,
            Statement = Say(state, report),
            Grants = [.. report.Live.Select(grant => new AuditedGrant(grant, Math.Max(0, grant.AgeSeconds ?? (report.At - grant.CreatedAt).TotalSeconds)))],
            Overdue = report.Findings,
            Faults = report.Faults,
            Clusters = report.Clusters,
            Unproven = watched?.Unproven.Select(open => new OwedProof(open.CaptureId, open.Tries)).ToList(),
            Stuck = watched?.Stuck,
        };
    }

    private static string Say(AuditState state, SweepReport report)
    {
        var where = $"{(report.Clusters.Count == 1 ? "cluster" : "clusters")} {string.Join(", ", report.Clusters)}";
        var live = report.Live.Count switch
        {
            0 => "no grant is live",
            1 => string.Create(CultureInfo.InvariantCulture, $"1 grant is live, for {report.OldestLiveGrantSeconds:0} s"),
            var many => string.Create(CultureInfo.InvariantCulture, $"{many} grants are live, the oldest for {report.OldestLiveGrantSeconds:0} s"),
        };
        return state switch
        {
            AuditState.None => string.Create(CultureInfo.InvariantCulture, $"No standing access: at {report.At.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z CaptureFlow had no grant and no tap past its deadline in {where}."),
            AuditState.Live => $"Access is in use: {live}, and none is past its expiry, in {where}.{Claims(report)}",
            AuditState.Overdue => $"Overdue: {report.Findings.Count} should be gone and {(report.Findings.Count == 1 ? "is" : "are")} still there; {live}, in {where}.{Claims(report)}",
            // Where nothing could be looked at, "no grant is live" would be said of nothing.
            AuditState.Unknown => $"Not known: {report.Faults.Count} could not be looked at in {where}{(report.Live.Count == 0 ? "" : $"; elsewhere {live}")}.{Claims(report)}",
        };
    }

    // Nothing of CaptureFlow's writes such an expiry: somebody made the grant by hand, or changed it.
    private static string Claims(SweepReport report) => report.Live.Where(grant => grant.ClaimedExpiresAt is not null).ToList() switch
    {
        [] => "",
        [var one] => $" {one.Namespace}/{one.CaptureId} {Wording(one)}.",
        [var first, .. var others] => $" {first.Namespace}/{first.CaptureId} {Wording(first)}; {others.Count} more {(others.Count == 1 ? "does" : "do")} so too.",
    };

    private static string Wording(LiveGrant grant) => string.Create(
        CultureInfo.InvariantCulture,
        $"claims an expiry {(grant.ClaimedExpiresAt!.Value - grant.ExpiresAt).TotalDays:0.#} days beyond any capture's: it is taken back at {grant.ExpiresAt.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z all the same");
}

/// <summary>A capture whose rights are not proven gone, and how the reaper fares with it.</summary>
public sealed record OwedProof(string CaptureId, RevocationTries Tries);

/// <summary>A live grant with its age.</summary>
public sealed record AuditedGrant(string Cluster, string Namespace, string CaptureId, string RequestedBy, string? Reason, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, double AgeSeconds)
{
    internal AuditedGrant(LiveGrant grant, double ageSeconds)
        : this(grant.Cluster, grant.Namespace, grant.CaptureId, grant.RequestedBy, grant.Reason, grant.CreatedAt, grant.ExpiresAt, ageSeconds)
    {
        ClaimedExpiresAt = grant.ClaimedExpiresAt;
    }

    /// <summary>The expiry that stands on it where that is beyond any capture's; it is taken back at <see cref="ExpiresAt"/> all the same.</summary>
    public DateTimeOffset? ClaimedExpiresAt { get; init; }
}
