using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>The steps' records as entries of the log. Pure: the same record is the same entry, in whichever run of a step.</summary>
public static class CustodyNotes
{
    /// <summary>Who asked for what, as it was ordered: of a capture that came to nothing before a step had its plan.</summary>
    public static CustodyEntry Asked(CaptureOrder order) => new(CustodyEvents.Asked, order.RequestedAt, order.RequestedBy, Ordered(
        order.Target.ToString(), order.Target.Cluster, order.Target.Method, order.Window, order.Filter, order.Reason, order.RequesterId));

    /// <summary>The same of several pods.</summary>
    public static CustodyEntry Asked(FleetOrder order) => new(CustodyEvents.Asked, order.RequestedAt, order.RequestedBy, Ordered(
        order.Target.ToString(), order.Target.Cluster, null, order.Window, order.Filter, order.Reason, order.RequesterId));

    private static CustodyEntry Asked(CapturePlan plan) => new(CustodyEvents.Asked, plan.Order.RequestedAt, plan.Order.RequestedBy, Ordered(
        plan.Order.Target.ToString(), plan.Order.Target.Cluster, plan.Site, plan.Order.Window, plan.Filter, plan.Order.Reason, plan.Order.RequesterId));

    private static Dictionary<string, string?> Ordered(
        string target, string? cluster, string? method, CaptureWindow window, string? filter, string? reason, string? requesterId) => new()
        {
            ["target"] = target,
            ["cluster"] = cluster,
            ["method"] = method,
            ["window"] = Text(window.Duration.TotalSeconds) + "s",
            ["snapLength"] = Text(window.SnapLength),
            ["filter"] = filter,
            ["reason"] = reason,
            ["id"] = requesterId,
        };

    /// <summary>Who asked, and where policy wanted a second person's word, who gave it.</summary>
    public static IReadOnlyList<CustodyEntry> Ordered(CapturePlan plan) => plan.Order.Approval is { } word
        ? [Asked(plan), Decided(word)]
        : [Asked(plan)];

    /// <summary>A second person's word.</summary>
    public static CustodyEntry Decided(ApprovalDecision word) => new(
        word.Approved ? CustodyEvents.Approved : CustodyEvents.Denied,
        word.At,
        word.By,
        new Dictionary<string, string?> { ["id"] = word.ById, ["comment"] = word.Comment });

    // By this side's clock, as all the others, so that the log is in order of time; the facts are as the cluster has them.
    public static CustodyEntry Granted(Grant grant) => new(CustodyEvents.Granted, grant.GrantedAt - (grant.ClusterAhead ?? TimeSpan.Zero), CustodyEvents.Self, new Dictionary<string, string?>
    {
        ["grant"] = $"{grant.Namespace}/{grant.Name}",
        ["role"] = grant.Role,
        ["expiresAt"] = Text(grant.ExpiresAt),
        ["clusterAhead"] = grant.ClusterAhead is { } ahead ? Text(ahead.TotalSeconds) + "s" : null,
    });

    public static CustodyEntry Attached(Tap tap) => new(CustodyEvents.Attached, tap.ListeningAt, CustodyEvents.Self, new Dictionary<string, string?>
    {
        ["container"] = tap.Container,
        ["image"] = tap.ImageId,
    });

    /// <param name="tapped">The tap's account.</param>
    /// <param name="at">When it was read.</param>
    public static CustodyEntry Stopped(TapSummary tapped, DateTimeOffset at) => new(CustodyEvents.Stopped, at, CustodyEvents.Self, new Dictionary<string, string?>
    {
        ["endedBy"] = tapped.EndedBy.ToString(),
        ["bytes"] = Text(tapped.Bytes),
        ["sha256"] = tapped.Sha256,
        ["dropped"] = tapped.PacketsDroppedByKernel is { } dropped ? Text(dropped) : null,
    });

    public static CustodyEntry Fetched(RetrievedFile file, DateTimeOffset at) => new(CustodyEvents.Fetched, at, CustodyEvents.Self, new Dictionary<string, string?>
    {
        ["bytes"] = Text(file.Bytes),
        ["complete"] = file.Complete ? "true" : "false",
    });

    public static CustodyEntry Stored(StoredEvidence evidence, DateTimeOffset at) => new(CustodyEvents.Stored, at, CustodyEvents.Self, new Dictionary<string, string?>
    {
        ["verdict"] = evidence.Verdict.ToString(),
        ["bytes"] = Text(evidence.Bytes),
        ["sha256"] = evidence.Sha256,
    });

    public static CustodyEntry Discarded(DateTimeOffset at) => new(CustodyEvents.Discarded, at, CustodyEvents.Self, new Dictionary<string, string?>());

    public static CustodyEntry Deleted(DateTimeOffset at) => new(CustodyEvents.Deleted, at, CustodyEvents.Self, new Dictionary<string, string?> { ["why"] = "retention" });

    /// <param name="stop">A stop, or else a cancel.</param>
    /// <param name="by">The caller.</param>
    /// <param name="at">When.</param>
    public static CustodyEntry EndAsked(bool stop, Actor by, DateTimeOffset at) =>
        new(stop ? CustodyEvents.StopAsked : CustodyEvents.CancelAsked, at, by.Name, Facts(by), Key: by.Id);

    /// <param name="by">The caller.</param>
    /// <param name="file">Name of the file.</param>
    /// <param name="at">When.</param>
    /// <param name="linkUntil">The expiry of the link that was given out instead of the bytes.</param>
    public static CustodyEntry Linked(Actor by, string file, DateTimeOffset at, DateTimeOffset linkUntil) => new(
        CustodyEvents.Downloaded,
        at,
        by.Name,
        Facts(by, ("file", file), ("as", "link"), ("linkUntil", Text(linkUntil))),
        Key: Guid.NewGuid().ToString("N"));

    /// <param name="by">The caller.</param>
    /// <param name="file">Name of the file.</param>
    /// <param name="at">When.</param>
    /// <param name="inRanges">Whether a part was asked for: all parts that a caller fetches on one day (UTC) are one entry.</param>
    public static CustodyEntry Downloaded(Actor by, string file, DateTimeOffset at, bool inRanges) => new(
        CustodyEvents.Downloaded,
        at,
        by.Name,
        Facts(by, ("file", file), ("as", inRanges ? "ranges" : "bytes")),
        Key: inRanges ? $"{by.Id} {file} {at.UtcDateTime:yyyy-MM-dd}" : Guid.NewGuid().ToString("N"));

    /// <param name="proof">What was asked and answered.</param>
    /// <param name="manifestSha256">Of the manifest as it is with the proof in it; null when the capture stored none.</param>
    /// <param name="at">When.</param>
    public static CustodyEntry Revoked(RevocationProof proof, string? manifestSha256, DateTimeOffset at) => new(
        CustodyEvents.Revoked,
        at,
        CustodyEvents.Self,
        new Dictionary<string, string?>
        {
            ["proven"] = proof.Proven ? "true" : "false",
            ["answers"] = $"{proof.Answers.Count(answer => answer.Holds)} of {proof.Answers.Count} as expected",
            ["manifestSha256"] = manifestSha256,
        },
        Key: proof.Proven ? "proven" : "unproven");

    // Where a caller has no other id than its name, there is nothing to add.
    private static Dictionary<string, string?> Facts(Actor by, params ReadOnlySpan<(string Name, string Value)> facts)
    {
        Dictionary<string, string?> all = [];
        foreach (var (name, value) in facts)
        {
            all[name] = value;
        }

        if (by.Id != by.Name)
        {
            all["id"] = by.Id;
        }

        return all;
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(value is DateTimeOffset ? "O" : null, CultureInfo.InvariantCulture);
}
