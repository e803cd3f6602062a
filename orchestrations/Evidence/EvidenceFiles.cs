namespace CaptureFlow.Orchestrations;

/// <summary>The names of a capture's stored files, the same in every store.</summary>
public static class EvidenceFiles
{
    public const string Capture = "capture.pcap";
    public const string Manifest = "manifest.json";

    /// <summary>The capture file as pcapng: made whenever it is asked for, and not stored.</summary>
    public const string CaptureAsPcapng = "capture.pcapng";

    /// <summary>The triage card: what the capture file shows.</summary>
    public const string Triage = "triage.json";

    /// <summary>The same card as text.</summary>
    public const string TriageText = "triage.md";

    /// <summary>
    /// Files that were made of the capture file and can be made of it again: kept beside it and no longer than it, and no evidence themselves.
    /// </summary>
    public static IReadOnlyList<string> Derived { get; } = [Triage, TriageText];
}
