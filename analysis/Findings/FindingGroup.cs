namespace CaptureFlow.Analysis;

/// <summary>What was found of one subject: several connections between the same two, or several questions for the same name.</summary>
internal sealed class FindingGroup(string subject, string? variant)
{
    public Occurrences Seen;

    public RoundTrips Times;

    public string Subject { get; } = subject;

    /// <summary>In how many connections.</summary>
    public long Connections { get; set; }

    /// <summary>Out of how many: segments, questions, requests.</summary>
    public long Of { get; set; }

    /// <summary>The largest that was measured, in the unit of the kind.</summary>
    public long Largest { get; set; }

    /// <summary>Which of several things of the same kind and subject; null when there is one.</summary>
    public string? Variant { get; } = variant;

    /// <summary>One word more, of the first that was found.</summary>
    public string? Detail { get; set; } = variant;

    public string Count(string one) => Words.Count(Seen.Count, one);

    public Finding ToFinding(FindingKind kind) => new(
        kind.Code,
        kind.Severity,
        kind.Says(this),
        kind.Means,
        Subject,
        Math.Max(1, Seen.Count),
        [.. Seen.Packets.Order()],
        Seen.Count == 0 ? null : Words.At(Seen.FirstTime),
        Seen.Count == 0 ? null : Words.At(Seen.LastTime))
    {
        Variant = Variant,
    };

    public string InConnections => Connections <= 1 ? "" : $" in {Words.Count(Connections, "connection")}";
}
