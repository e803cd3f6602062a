using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>A stored capture as the API shows it: from its manifest, when the orchestration that made it may long be forgotten.</summary>
internal static class StoredCaptureView
{
    public static CaptureView Of(CaptureManifest manifest)
    {
        var order = manifest.Plan.Order;
        var status = manifest.Revocation is not { Proven: true } ? CaptureState.RevokeUnproven
            : manifest.Evidence.Verdict == Verdict.Failed ? CaptureState.Failed
            : CaptureState.Completed;
        return new()
        {
            Id = order.CaptureId,
            Status = status,
            CreatedAt = order.RequestedAt,
            UpdatedAt = manifest.Timeline.Max(step => step.EndedAt ?? step.StartedAt as DateTimeOffset?) ?? order.RequestedAt,
            Order = order,
            Progress = new(status, manifest.Timeline, manifest.Tapped?.Bytes, manifest.Tap?.ListeningAt, manifest.Tap?.ListeningAt + order.Window.Duration),
            Verdict = manifest.Evidence.Verdict,
            Evidence = manifest.Evidence,
            Tapped = manifest.Tapped,
            Revocation = manifest.Revocation,
            Faults = manifest.Faults,
            Links = CaptureLinks.Of(order.CaptureId, manifest.Evidence.FileName, ended: true, hasManifest: true),
        };
    }
}
