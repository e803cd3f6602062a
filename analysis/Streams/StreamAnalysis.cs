namespace CaptureFlow.Analysis;

/// <summary>Reads what connections carry, where it is in the clear.</summary>
internal sealed class StreamAnalysis(AnalysisOptions options, FindingBook book, DnsAnalysis dns)
{
    private readonly StreamBudget _budget = new(options.StreamBytes);

    public TlsLedger Tls { get; } = new(book);

    public HttpLedger Http { get; } = new(book);

    /// <summary>Of messages that are not whole yet.</summary>
    public long BytesInUse => _budget.InUse;

    public void Look(TcpConversation conversation, Packet p, bool fromA)
    {
        if (conversation.Streams is { IsDone: true } || (conversation.Streams is null && p.PayloadLength == 0))
        {
            return;
        }

        conversation.Streams ??= new(conversation, _budget, CreateReader);
        conversation.Streams.Look(p, fromA);
    }

    /// <summary>What is read does not go on.</summary>
    public static void End(TcpConversation conversation, long endTime) => conversation.Streams?.End(endTime);

    /// <summary>In sentences.</summary>
    public IEnumerable<string> CannotSay()
    {
        if (_budget.Refused > 0)
        {
            yield return $"What is in some messages, {Words.Count(_budget.Refused, "time")}: too many were under way at once, "
                + "and there was no room to keep their parts. They are counted as if those parts were not in the file.";
        }

        if (Tls.Encrypted13 > 0)
        {
            yield return $"Which certificates, and which reasons of failures, {Words.Count(Tls.Encrypted13, "handshake")} of TLS 1.3 had: that version encrypts them. What is behind any handshake is encrypted too.";
        }

        if (Tls.Unclear > 0)
        {
            yield return $"How {Words.Count(Tls.Unclear, "TLS handshake")} ended: parts of them are not in the file.";
        }

        if (Tls.BeganBefore > 0)
        {
            yield return $"The names and versions of {Words.Count(Tls.BeganBefore, "TLS connection")}: the handshake was before the capture.";
        }

        if (Http.HalfRead > 0)
        {
            yield return $"All headers of {Words.Count(Http.HalfRead, "connection")} of HTTP/2: they began before the capture, or parts are not in the file, so that paths and statuses that refer to earlier ones are not known.";
        }

        if (Http.Unclear > 0)
        {
            yield return $"Whether {Words.Count(Http.Unclear, "HTTP request")} got an answer: parts are not in the file, or they were under way at its end.";
        }

        if (Http.Alone > 0)
        {
            yield return $"The requests of {Words.Count(Http.Alone, "HTTP answer")}: they are not in the file.";
        }
    }

    private IStreamReader? CreateReader(StreamProtocol protocol, TcpConversation conversation)
    {
        switch (protocol)
        {
            case StreamProtocol.Tls:
                return new TlsReader(Tls, _budget);
            case StreamProtocol.Http1:
                return new Http1Reader(Http, _budget, conversation);
            case StreamProtocol.Http2:
                return new Http2Reader(Http, _budget, conversation, midway: false);
            case StreamProtocol.Http2Midway:
                return new Http2Reader(Http, _budget, conversation, midway: true);
            case StreamProtocol.Dns:
                return new DnsStreamReader(dns, _budget, conversation);
            case StreamProtocol.Undecided:
            case StreamProtocol.None:
            case StreamProtocol.TlsAsked:
                break;
        }

        return null;
    }
}
