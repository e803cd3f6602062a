namespace CaptureFlow.Orchestrations;

/// <summary>What a fleet came to. Output of <c>FleetOrchestrator</c>.</summary>
public sealed record FleetReport
{
    public required string CaptureId { get; init; }

    /// <summary>Completed as soon as one pod gave evidence, unless some pod's rights could not be proven gone.</summary>
    public required CaptureState State { get; init; }

    /// <summary>The time in which all taps listened; null when none did.</summary>
    public SharedWindow? Window { get; init; }

    public IReadOnlyList<FleetMemberReport> Members { get; init; } = [];

    public IReadOnlyList<LeftOutPod> LeftOut { get; init; } = [];

    /// <summary>The second person's word; null when nobody was asked.</summary>
    public ApprovalState? Approval { get; init; }

    /// <summary>Why the fleet was refused as a whole.</summary>
    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    /// <summary>Characters of its JSON; a result of more than 64 KB goes beyond what a message is meant to have.</summary>
    public const int Longest = 60_000;

    /// <summary>The same within <see cref="Longest"/>: each capture has its faults in full itself, here the first ones suffice, without the other side's words.</summary>
    public FleetReport Bounded()
    {
        var fits = this;
        for (var most = 3; fits.Length > Longest && most >= 0; most--)
        {
            fits = fits with { Members = [.. Members.Select(member => member with { Faults = [.. member.Faults.Take(most).Select(fault => fault with { Detail = null })] })] };
        }

        return fits;
    }

    private int Length => System.Text.Json.JsonSerializer.Serialize(this).Length;
}

/// <summary>What one pod's capture came to.</summary>
public sealed record FleetMemberReport
{
    public required string CaptureId { get; init; }

    public required string Pod { get; init; }

    /// <summary>One of the ended states.</summary>
    public required CaptureState State { get; init; }

    public Verdict? Verdict { get; init; }

    public long? Packets { get; init; }

    public long? Bytes { get; init; }

    /// <summary>True when the rights are proven gone, or were never made.</summary>
    public required bool RightsGone { get; init; }

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    internal static FleetMemberReport Of(FleetMember member, CaptureReport report) => new()
    {
        CaptureId = member.CaptureId,
        Pod = member.Pod,
        State = report.State,
        Verdict = report.Evidence?.Verdict,
        Packets = report.Evidence?.OthersPackets,
        Bytes = report.Evidence?.Bytes,
        RightsGone = report.State != CaptureState.RevokeUnproven,
        Faults = report.Faults,
    };

    /// <summary>Of a capture whose orchestration broke: nobody has proven its rights gone.</summary>
    internal static FleetMemberReport Broken(FleetMember member, CaptureFault fault) =>
        new() { CaptureId = member.CaptureId, Pod = member.Pod, State = CaptureState.RevokeUnproven, RightsGone = false, Faults = [fault] };
}
