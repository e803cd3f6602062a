namespace CaptureFlow.Orchestrations;

/// <summary>How a capture, or a fleet, ended: what people are told. No packet bytes, and of faults the codes and messages alone.</summary>
public sealed record CaptureEnding
{
    public required string CaptureId { get; init; }

    /// <summary>True of several pods.</summary>
    public bool Fleet { get; init; }

    /// <summary>NAMESPACE/POD, or NAMESPACE/KIND/NAME.</summary>
    public required string Target { get; init; }

    /// <summary>One of the ended states.</summary>
    public required CaptureState State { get; init; }

    /// <summary>Null without evidence; of a fleet, the worst of its captures.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Whether the rights are proven gone; null when none were made.</summary>
    public bool? RevocationProven { get; init; }

    public long? Packets { get; init; }

    public long? Bytes { get; init; }

    public string? RequestedBy { get; init; }

    public string? Reason { get; init; }

    /// <summary>Code and message of the first fault; null when there is none.</summary>
    public string? FaultCode { get; init; }

    /// <inheritdoc cref="FaultCode"/>
    public string? FaultMessage { get; init; }

    /// <summary>Whether there is a manifest to link to.</summary>
    public bool HasManifest { get; init; }

    /// <summary>What the capture file shows; null without a file, of a fleet, and where no card was made.</summary>
    public TriageInShort? Triage { get; init; }

    /// <summary>The order's own address to tell, sealed; null when it has none. No part of any message.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? Callback { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset EndedAt { get; init; }
}
