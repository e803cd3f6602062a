using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Answer of <c>POST /api/captures?dryRun=true</c>: of one pod, or of several in <see cref="Pods"/>.</summary>
internal sealed record PlannedOrder
{
    public string? Pod { get; init; }

    /// <summary>Null when something refuses it.</summary>
    public CapturePlan? Plan { get; init; }

    public IReadOnlyList<PreflightCheck> Checks { get; init; } = [];

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    public IReadOnlyList<PlannedOrder>? Pods { get; init; }

    public IReadOnlyList<LeftOutPod>? LeftOut { get; init; }
}
