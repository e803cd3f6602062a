namespace CaptureFlow.Orchestrations;

/// <summary>The document beside a capture file: all that is known of how it came to be and what it is worth.</summary>
public sealed record CaptureManifest
{
    public const string CurrentSchema = "captureflow.manifest/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>The plan, with the order and the exact argv in it.</summary>
    public required CapturePlan Plan { get; init; }

    public Grant? Grant { get; init; }

    /// <summary>The tap, with the image and its digest; null when none ever listened.</summary>
    public Tap? Tap { get; init; }

    /// <summary>tcpdump's counters, and size and hash as taken in the container.</summary>
    public TapSummary? Tapped { get; init; }

    /// <summary>What walking the stored file found; null when there is no readable file.</summary>
    public PcapSummary? Walked { get; init; }

    public required StoredEvidence Evidence { get; init; }

    public IReadOnlyList<CaptureFault> Faults { get; init; } = [];

    /// <summary>The steps with their times; complete once <see cref="Revocation"/> is set.</summary>
    public IReadOnlyList<StepRecord> Timeline { get; init; } = [];

    /// <summary>The place of the capture's log at which this was stored: a log that lacks it was cut or replaced.</summary>
    public CustodyHead? Custody { get; init; }

    /// <summary>Null until the permission was taken back.</summary>
    public RevocationProof? Revocation { get; init; }
}
