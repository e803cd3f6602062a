namespace CaptureFlow.Analysis;

/// <summary>What ICMP reports.</summary>
internal enum IcmpKind
{
    Unreachable,
    TooBig,
    TimeExceeded,
}
