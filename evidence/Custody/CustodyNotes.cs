using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>The steps' records as entries of the log. Pure: the same record is the same entry, in whichever run of a step.</summary>
public static class CustodyNotes
{
    private static CustodyEntry Asked(CapturePlan plan)
    {
        var order = plan.Order;
        return new(CustodyEvents.Asked, order.RequestedAt, order.RequestedBy, new Dictionary<string, string?>
        {
            ["target"] = order.Target.ToString(),
            ["cluster"] = order.Target.Cluster,
            ["method"] = plan.Site,
            ["window"] = Text(order.Window.Duration.TotalSeconds) + "s",
            ["snapLength"] = Text(order.Window.SnapLength),
            ["filter"] = plan.Filter,
            ["reason"] = order.Reason,
            ["id"] = order.RequesterId,
        });
    }

    /// <summary>Who asked, and where policy wanted a second person's word, who gave it.</summary>
    public static IReadOnlyList<CustodyEntry> Ordered(CapturePlan plan) => plan.Order.Approval is { } word
        ? [Asked(plan), new(CustodyEvents.Approved, word.At, word.By, new Dictionary<string, string?> { ["id"] = word.ById, ["comment"] = word.Comment })]
        : [Asked(plan)];

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
