using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What a sweep has found so far.</summary>
internal sealed class SweepTally(string cluster, DateTimeOffset at)
{
    private readonly List<SweepFinding> _findings = [];
    private readonly List<CaptureFault> _faults = [];
    private readonly HashSet<string> _live = [];
    private DateTimeOffset _oldest = at;

    public DateTimeOffset At { get; } = at;

    /// <summary>Counts a grant once, though it has a binding and an account.</summary>
    public void Live(V1ObjectMeta meta)
    {
        _live.Add($"{meta.NamespaceProperty}/{meta.Name}");
        if (meta.CreationTimestamp is { } made && new DateTimeOffset(made.ToUniversalTime()) is var age && age < _oldest)
        {
            _oldest = age;
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
        _findings.Add(new(kind, @namespace, name, captureId, expiredAt, detail is null ? SweepOutcome.Removed : SweepOutcome.Failed, cluster, detail));

    public SweepReport ToReport() => new(At, _live.Count, (At - _oldest).TotalSeconds, _findings, _faults, [cluster]);
}
