using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What a sweep has found so far.</summary>
internal sealed class SweepTally(string cluster, Func<DateTimeOffset> clock, bool takeBack)
{
    private readonly List<SweepFinding> _findings = [];
    private readonly List<CaptureFault> _faults = [];
    private readonly Dictionary<string, LiveGrant> _live = [];

    private DateTimeOffset? _at;

    /// <summary>When it was looked, by the server's clock: read first when something is judged, by when the server has answered the list that it is in.</summary>
    public DateTimeOffset At => _at ??= clock();

    /// <summary>Whether what is past its expiry is taken back; else it is only found.</summary>
    public bool TakesBack { get; } = takeBack;

    /// <summary>Takes a grant in once, though it has a binding and an account; the older of the two says since when.</summary>
    /// <param name="meta">Of either.</param>
    /// <param name="expiresAt">As annotated.</param>
    public void Live(V1ObjectMeta meta, DateTimeOffset expiresAt)
    {
        var made = meta.CreationTimestamp is { } stamp ? new DateTimeOffset(stamp.ToUniversalTime()) : At;
        var key = $"{meta.NamespaceProperty}/{meta.Name}";
        if (!_live.TryGetValue(key, out var known) || made < known.CreatedAt)
        {
            _live[key] = new(
                cluster, meta.NamespaceProperty, meta.Name, GrantMarks.RequestedBy(meta), GrantMarks.Reason(meta), made, expiresAt) { AgeSeconds = Math.Max(0, (At - made).TotalSeconds) };
        }
    }

    public void Fault(CaptureFault fault) => _faults.Add(fault);

    /// <param name="kind">What was found.</param>
    /// <param name="meta">Whose.</param>
    /// <param name="expiredAt">Since when it should be gone.</param>
    /// <param name="detail">Why it is still there; null when it is gone.</param>
    public void Found(string kind, V1ObjectMeta meta, DateTimeOffset expiredAt, string? detail) =>
        Found(kind, meta.NamespaceProperty, meta.Name, meta.Name, expiredAt, detail);

    public void Found(string kind, string @namespace, string name, string captureId, DateTimeOffset expiredAt, string? detail) =>
        _findings.Add(new(kind, @namespace, name, captureId, expiredAt, (TakesBack, detail) switch
        {
            (false, _) => SweepOutcome.Overdue,
            (true, null) => SweepOutcome.Removed,
            _ => SweepOutcome.Failed,
        }, cluster, detail));

    public SweepReport ToReport() => new(At, [.. _live.Values.OrderBy(grant => grant.CreatedAt)], _findings, _faults, [cluster]);
}
