using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>One pod of several, in <see cref="CaptureStatus"/>.</summary>
internal sealed record MemberStatus
{
    public required string Id { get; init; }

    public required string Pod { get; init; }

    public required CaptureState Status { get; init; }

    public Verdict? Verdict { get; init; }

    public long? Packets { get; init; }

    public long? Bytes { get; init; }

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];
}
