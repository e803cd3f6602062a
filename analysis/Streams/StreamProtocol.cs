namespace CaptureFlow.Analysis;

/// <summary>What a connection speaks, by the first bytes of one direction.</summary>
internal enum StreamProtocol
{
    /// <summary>More bytes are needed.</summary>
    Undecided,
    None,
    Tls,

    /// <summary>A question whether the other end can TLS, as PostgreSQL asks: one byte answers it, then the handshake begins.</summary>
    TlsAsked,
    Http1,
    Http2,

    /// <summary>A connection of HTTP/2 that began before the capture.</summary>
    Http2Midway,

    /// <summary>By its port: nothing else tells it.</summary>
    Dns,
}
