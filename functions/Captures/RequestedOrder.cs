using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>What a request asks for: a capture in one pod, or in the pods of a workload or selector. Exactly one of the two is set.</summary>
internal sealed record RequestedOrder(CaptureOrder? Capture, FleetOrder? Fleet)
{
    public string CaptureId => Capture?.CaptureId ?? Fleet!.CaptureId;

    public DateTimeOffset RequestedAt => Capture?.RequestedAt ?? Fleet!.RequestedAt;

    /// <summary>The same order under another id.</summary>
    public RequestedOrder Under(string captureId) => new(
        Capture is { } one ? one with { CaptureId = captureId } : null, Fleet is { } fleet ? fleet with { CaptureId = captureId } : null);

    /// <summary>The same order, told to nobody: for what is shown.</summary>
    public RequestedOrder WithoutCallback() => new(
        Capture is { } one ? one with { Callback = null } : null, Fleet is { } fleet ? fleet with { Callback = null } : null);

    /// <summary>The orchestrator that carries it out.</summary>
    public string Orchestrator => Capture is null ? nameof(FleetOrchestrator) : nameof(CaptureOrchestrator);

    /// <summary>The orchestrator's input.</summary>
    public object Input => (object?)Capture ?? Fleet!;
}
