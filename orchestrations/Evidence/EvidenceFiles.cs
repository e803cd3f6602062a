namespace CaptureFlow.Orchestrations;

/// <summary>The names of a capture's stored files, the same in every store.</summary>
public static class EvidenceFiles
{
    public const string Capture = "capture.pcap";
    public const string Manifest = "manifest.json";
}
