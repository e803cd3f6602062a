namespace CaptureFlow.Analysis;

/// <summary>Understands one protocol: reads both directions of one connection. Whatever the bytes are, it does not throw.</summary>
internal interface IStreamReader
{
    /// <summary>As the card names it: <c>tls</c>, <c>http</c>.</summary>
    string Name { get; }

    /// <summary>There is nothing more to learn: the rest of the connection need not be put in order.</summary>
    bool IsDone { get; }

    IByteSink FromClient { get; }

    IByteSink FromServer { get; }

    /// <summary>The connection is over, or the capture is.</summary>
    /// <param name="connection">With all that is known of how it ended.</param>
    /// <param name="endTime">The last moment that was looked at.</param>
    void End(TcpConversation connection, long endTime);
}
