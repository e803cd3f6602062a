using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>One pod's capture, in short.</summary>
internal sealed record FleetMemberView(string Id, string Pod, CaptureState Status)
{
    public Verdict? Verdict { get; init; }

    public long? Packets { get; init; }

    public long? Bytes { get; init; }

    /// <summary>Whether its rights are proven gone; null while it runs.</summary>
    public bool? RightsGone { get; init; }

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    /// <summary>Its own page, with evidence, files and proof.</summary>
    public string Self => CaptureLinks.Self(Id);

    /// <param name="pod">Its name; empty where the fleet's status had no room for it.</param>
    /// <param name="view">The capture.</param>
    public static FleetMemberView Of(string pod, CaptureView view) => new(view.Id, pod.Length > 0 ? pod : view.Order?.Target.Pod ?? pod, view.Status)
    {
        Verdict = view.Verdict,
        Packets = view.Evidence?.OthersPackets,
        Bytes = view.Evidence?.Bytes ?? view.Progress?.Bytes,
        RightsGone = view.Ended ? view.Status != CaptureState.RevokeUnproven : null,
        Faults = view.Faults,
    };

    public static FleetMemberView Of(FleetMemberReport report) => new(report.CaptureId, report.Pod, report.State)
    {
        Verdict = report.Verdict,
        Packets = report.Packets,
        Bytes = report.Bytes,
        RightsGone = report.RightsGone,
        Faults = report.Faults,
    };
}
