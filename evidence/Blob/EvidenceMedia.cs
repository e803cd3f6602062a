namespace CaptureFlow.Evidence;

/// <summary>Content types of stored files.</summary>
internal static class EvidenceMedia
{
    public const string Capture = "application/vnd.tcpdump.pcap";
    public const string Manifest = "application/json";
    public const string Log = "application/jsonl";
}
