namespace CaptureFlow.Analysis;

/// <summary>What a segment is, seen in its sequence. The same words and rules as Wireshark's <c>tcp.analysis</c>.</summary>
[Flags]
internal enum TcpMarks
{
    None = 0,
    Retransmission = 1,
    FastRetransmission = 1 << 1,
    SpuriousRetransmission = 1 << 2,
    OutOfOrder = 1 << 3,
    LostSegment = 1 << 4,
    AckedLostSegment = 1 << 5,
    KeepAlive = 1 << 6,
    KeepAliveAck = 1 << 7,
    DuplicateAck = 1 << 8,
    ZeroWindow = 1 << 9,
    ZeroWindowProbe = 1 << 10,
    ZeroWindowProbeAck = 1 << 11,
    WindowUpdate = 1 << 12,
    WindowFull = 1 << 13,
    ReusedPorts = 1 << 14,
}
