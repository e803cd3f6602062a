using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What a sweep has found so far.</summary>
internal sealed class SweepTally(string cluster, Func<DateTimeOffset> clock, bool takeBack)
{
    private readonly List<SweepFinding> _findings = [];
    private readonly List<CaptureFault> _faults = [];
    private readonly List<LiveGrant> _live = [];

    private readonly HashSet<string> _bound = [];

    private DateTimeOffset? _at;

    /// <summary>When it was looked, by the server's clock: read first when something is judged, by when the server has answered the list that it is in.</summary>
    public DateTimeOffset At => _at ??= clock();

    /// <summary>Has it be now that it was looked, unless that was before.</summary>
    public void Look() => _ = At;

    /// <summary>Whether what is past its expiry is taken back; else it is only found.</summary>
    public bool TakesBack { get; } = takeBack;

    /// <summary>Takes in a capture's binding, whatever becomes of it: its tap has a grant as long as it is there.</summary>
    public void Bound(V1ObjectMeta meta) => _bound.Add($"{meta.NamespaceProperty}/{meta.Name}");

    /// <summary>Whether a capture had a binding when they were listed.</summary>
    public bool IsBound(string @namespace, string captureId) => _bound.Contains($"{@namespace}/{captureId}");

    /// <param name="meta">Of its binding, without which an account may do nothing.</param>
    /// <param name="expiresAt">As annotated, and no later than any grant lasts.</param>
    /// <param name="claimed">As annotated, where that is later; else null.</param>
    public void Live(V1ObjectMeta meta, DateTimeOffset expiresAt, DateTimeOffset? claimed)
    {
        var made = meta.CreationTimestamp is { } stamp ? new DateTimeOffset(stamp.ToUniversalTime()) : At;
        _live.Add(new(
            cluster, meta.NamespaceProperty, meta.Name, GrantMarks.RequestedBy(meta), GrantMarks.Reason(meta), made, expiresAt)
        {
            AgeSeconds = Math.Max(0, (At - made).TotalSeconds),
            ClaimedExpiresAt = claimed,
        });
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

    public SweepReport ToReport() => new(At, [.. _live.OrderBy(grant => grant.CreatedAt)], _findings, _faults, [cluster]);
}
