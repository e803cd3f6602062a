namespace CaptureFlow.Analysis;

/// <summary>All connections of the capture together.</summary>
/// <param name="Connections">How many.</param>
/// <param name="Refused">Answered with RST.</param>
/// <param name="Unanswered">Not answered at all.</param>
/// <param name="Reset">Ended with RST after they were open, or half open.</param>
/// <param name="Segments">That may be sent again: with data, SYN or FIN.</param>
/// <param name="Retransmissions">How many were.</param>
/// <param name="HandshakeMedianMilliseconds">From SYN to SYN with ACK: an upper bound within a factor of two; null when none was seen.</param>
/// <param name="HandshakeLongestMilliseconds">The longest.</param>
public sealed record TcpTotals(
    long Connections,
    long Refused,
    long Unanswered,
    long Reset,
    long Segments,
    long Retransmissions,
    double? HandshakeMedianMilliseconds,
    double? HandshakeLongestMilliseconds);
