namespace CaptureFlow.Analysis;

/// <summary>One of the conversations with the most bytes, packets, or the longest time.</summary>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Client">Who began, or seems to have: address and port.</param>
/// <param name="Server">The other end.</param>
/// <param name="Application">What is spoken on it: <c>dns</c>, <c>tls</c>, <c>http</c>, <c>http/2</c>, <c>grpc</c>; null when not recognized.</param>
/// <param name="Packets">In both directions.</param>
/// <param name="Bytes">On the wire, link headers included.</param>
/// <param name="Seconds">From its first packet to its last.</param>
/// <param name="FirstPacket">Its first packet's number.</param>
/// <param name="HandshakeMilliseconds">From SYN to SYN with ACK; null when they were not seen.</param>
/// <param name="Ending"><c>open</c>, <c>closed</c>, <c>half-closed</c>, <c>reset</c>, <c>refused</c>, <c>unanswered</c>; null for UDP.</param>
public sealed record ConversationRow(
    string Protocol,
    string Client,
    string Server,
    string? Application,
    long Packets,
    long Bytes,
    double Seconds,
    long FirstPacket,
    double? HandshakeMilliseconds,
    string? Ending);
