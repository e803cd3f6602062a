using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>One look: what to say of it, and the faults that would stop the capture.</summary>
internal sealed record PreflightLook(PreflightCheck Check, params IReadOnlyList<CaptureFault> Faults)
{
    public static PreflightLook Refused(string name, CaptureFault fault) =>
        new(new(name, PreflightOutcome.Refused, fault.Message, fault.Remedy, fault.Detail), fault);
}
