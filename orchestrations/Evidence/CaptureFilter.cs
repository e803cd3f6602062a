namespace CaptureFlow.Orchestrations;

/// <summary>Which captures are wanted. What is null does not narrow; what is given has to match exactly.</summary>
public sealed record CaptureFilter
{
    /// <summary>Everything.</summary>
    public static CaptureFilter All { get; } = new();

    public string? Cluster { get; init; }

    public string? Namespace { get; init; }

    public string? Pod { get; init; }

    public string? RequestedBy { get; init; }

    public Verdict? Verdict { get; init; }

    /// <summary>Ordered at this time or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Ordered before this time.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Whether a capture of these properties is wanted.</summary>
    public bool Matches(CaptureFacts facts) =>
        Same(Cluster, facts.Cluster)
        && Same(Namespace, facts.Namespace)
        && Same(Pod, facts.Pod)
        && Same(RequestedBy, facts.RequestedBy)
        && (Verdict is null || Verdict == facts.Verdict)
        && (From is null || facts.RequestedAt >= From)
        && (To is null || facts.RequestedAt < To);

    private static bool Same(string? wanted, string? found) => wanted is null || string.Equals(wanted, found, StringComparison.Ordinal);
}
