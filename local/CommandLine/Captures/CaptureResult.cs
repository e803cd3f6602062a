using CaptureFlow.Functions.Triage;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The one document that <c>--json</c> prints; the same is printed as text otherwise.</summary>
internal sealed record CaptureResult
{
    public const string CurrentSchema = "captureflow.result/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>See <see cref="ExitCodes"/>.</summary>
    public required int ExitCode { get; init; }

    /// <summary>Null when no capture was accepted.</summary>
    public string? Id { get; init; }

    /// <summary>Null when nothing was seen of it.</summary>
    public CaptureState? Status { get; init; }

    public Verdict? Verdict { get; init; }

    public IReadOnlyList<string>? Reasons { get; init; }

    /// <summary>What the file shows, as far as its triage card was to be had; null without one.</summary>
    public KeptCard? Triage { get; init; }

    /// <summary>All packets in the file.</summary>
    public long? Packets { get; init; }

    /// <summary>How many of them are CaptureFlow's own canaries, or the kernel's answers to them.</summary>
    public long? OwnPackets { get; init; }

    public long? Bytes { get; init; }

    public long? DroppedByKernel { get; init; }

    public long? DroppedByInterface { get; init; }

    /// <summary>
    /// Of the file at <see cref="Path"/>, as it was written there, or when that is pcapng, of the pcap that it was made of; equal to the one taken
    /// in the container.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>The file on this machine; null when there is none.</summary>
    public string? Path { get; init; }

    public string? ManifestPath { get; init; }

    /// <summary>Where the store has the file that could not be brought here; null when it was brought, or when there is none.</summary>
    public string? KeptAt { get; init; }

    /// <summary>True when a file, of this capture or of one of its pods, is in the store and not here.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsUndelivered => KeptAt is not null || (Members ?? []).Any(member => member.IsUndelivered);

    /// <summary>The pod; null where the user named it.</summary>
    public string? Pod { get; init; }

    /// <summary>One result for each pod, when there are several.</summary>
    public IReadOnlyList<CaptureResult>? Members { get; init; }

    /// <summary>Pods that match and were not captured in.</summary>
    public IReadOnlyList<LeftOutPod>? LeftOut { get; init; }

    /// <summary>The time in which the taps of all pods listened.</summary>
    public SharedWindow? Window { get; init; }

    /// <summary>What the demo found in the file; null in other commands.</summary>
    public SeenTraffic? Seen { get; init; }

    /// <summary>What the demo's two captures of the same traffic hold; null in other commands.</summary>
    public NodeComparison? Compared { get; init; }

    public RevocationProof? Revocation { get; init; }

    public IReadOnlyList<StepRecord> Timeline { get; init; } = [];

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    /// <summary>What the user should know beside all this, e.g. what may be left behind.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public static CaptureResult Of(CaptureOutcome outcome)
    {
        var status = outcome.Status;
        return new()
        {
            ExitCode = outcome.ExitCode,
            Id = outcome.CaptureId,
            Status = status?.Status,
            Verdict = status?.Verdict ?? status?.Evidence?.Verdict,
            Reasons = status?.Evidence?.Reasons,
            Packets = status?.Evidence?.Packets,
            OwnPackets = status?.Evidence?.OwnPackets,
            Bytes = status?.Evidence?.Bytes,
            DroppedByKernel = status?.Tapped?.PacketsDroppedByKernel,
            DroppedByInterface = status?.Tapped is { } tapped ? tapped.PacketsDroppedByInterface ?? 0 : null,
            Revocation = status?.Revocation,
            Timeline = status?.Progress?.Timeline ?? [],
            Faults = [.. status?.Faults ?? [], .. outcome.Problem?.Errors ?? []],
            Notes = [.. Problem(outcome), .. Left(outcome)],
        };
    }

    private static IEnumerable<string> Problem(CaptureOutcome outcome)
    {
        if (outcome.Problem is { Errors.Count: 0 } problem)
        {
            yield return problem.Detail;
        }
    }

    private static IEnumerable<string> Left(CaptureOutcome outcome)
    {
        if (outcome is { Abandoned: true, CaptureId: { } id })
        {
            yield return $"Stopped waiting for {id}: its rights may still be there. They end by themselves at their expiry, and the reaper of any running host takes them back.";
            yield return $"To look, or to clean by hand: kubectl get serviceaccounts,rolebindings -A -l captureflow.io/capture-id={id}";
        }
    }
}
