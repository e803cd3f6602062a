namespace CaptureFlow.Evidence;

/// <summary>Content types of stored files.</summary>
internal static class EvidenceMedia
{
    public const string Capture = "application/vnd.tcpdump.pcap";
    public const string Manifest = "application/json";
    public const string Card = "application/json";
    public const string Text = "text/markdown; charset=utf-8";
    public const string Log = "application/jsonl";
}
