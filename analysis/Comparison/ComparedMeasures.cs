namespace CaptureFlow.Analysis;

/// <summary>The totals of two cards, side by side.</summary>
internal static class ComparedMeasures
{
    /// <summary>Those that say something of at least one of the two.</summary>
    public static IEnumerable<MeasureRow> Of(TriageCard a, TriageCard b) =>
        Tcp(a.Tcp, b.Tcp).Concat(Dns(a.Dns, b.Dns)).Concat(Tls(a.Tls, b.Tls)).Concat(Http(a.Http, b.Http))
            .Prepend(Count("conversations", a.ConversationCount, b.ConversationCount))
            .Prepend(new("seconds", null, Seconds(a.File), Seconds(b.File)))
            .Prepend(Count("packets", a.File.Packets - a.File.OwnPackets, b.File.Packets - b.File.OwnPackets))
            .Where(row => row is not { A: null or 0, B: null or 0 });

    private static IEnumerable<MeasureRow> Tcp(TcpTotals a, TcpTotals b) =>
    [
        Count("TCP connections", a.Connections, b.Connections),
        Part("TCP connections refused", a.Refused, a.Connections, b.Refused, b.Connections),
        Part("TCP connections unanswered", a.Unanswered, a.Connections, b.Unanswered, b.Connections),
        Part("TCP connections reset", a.Reset, a.Connections, b.Reset, b.Connections),
        Part("TCP segments sent again", a.Retransmissions, a.Segments, b.Retransmissions, b.Segments),
        Time("TCP handshake, median at most", a.HandshakeMedianMilliseconds, b.HandshakeMedianMilliseconds),
        Time("TCP handshake, longest", a.HandshakeLongestMilliseconds, b.HandshakeLongestMilliseconds),
    ];

    private static IEnumerable<MeasureRow> Dns(DnsTotals a, DnsTotals b) =>
    [
        Count("DNS questions", a.Queries, b.Queries),
        Part("DNS answers NXDOMAIN", a.NoSuchName, a.Answers, b.NoSuchName, b.Answers),
        Part("DNS answers SERVFAIL", a.ServerFailures, a.Answers, b.ServerFailures, b.Answers),
        Part("DNS questions unanswered", a.Unanswered, a.Queries, b.Unanswered, b.Queries),
        Time("DNS answer, median at most", a.MedianMilliseconds, b.MedianMilliseconds),
        Time("DNS answer, longest", a.LongestMilliseconds, b.LongestMilliseconds),
    ];

    private static IEnumerable<MeasureRow> Tls(TlsTotals a, TlsTotals b) =>
    [
        Count("TLS handshakes", a.Handshakes, b.Handshakes),
        Part("TLS handshakes failed", a.Failed, a.Handshakes, b.Failed, b.Handshakes),
        .. a.Versions.Keys.Union(b.Versions.Keys).Order(StringComparer.Ordinal).Select(version => Part(
            $"TLS handshakes with {version}",
            a.Versions.GetValueOrDefault(version),
            a.Versions.Values.Sum(),
            b.Versions.GetValueOrDefault(version),
            b.Versions.Values.Sum())),
    ];

    private static IEnumerable<MeasureRow> Http(HttpTotals a, HttpTotals b) =>
    [
        Count("HTTP requests", a.Requests, b.Requests),
        Part("HTTP answers 4xx", a.ClientErrors, a.Answers, b.ClientErrors, b.Answers),
        Part("HTTP answers 5xx", a.ServerErrors, a.Answers, b.ServerErrors, b.Answers),
        Part("HTTP requests unanswered", a.Unanswered, a.Requests, b.Unanswered, b.Requests),
        Count("gRPC errors", a.GrpcErrors, b.GrpcErrors),
        Time("HTTP answer, median at most", a.MedianMilliseconds, b.MedianMilliseconds),
        Time("HTTP answer, longest", a.LongestMilliseconds, b.LongestMilliseconds),
    ];

    private static double? Seconds(FileFacts file) =>
        file.FirstAt is { } first && file.LastAt is { } last ? Math.Round((last - first).TotalSeconds, 3) : null;

    private static MeasureRow Count(string name, long a, long b) => new(name, null, a, b);

    private static MeasureRow Time(string name, double? a, double? b) => new(name, "ms", a, b);

    private static MeasureRow Part(string name, long a, long ofA, long b, long ofB) => new(name, "%", Percent(a, ofA), Percent(b, ofB));

    // Of nothing there is no part, rather than none.
    private static double? Percent(long part, long whole) => whole == 0 ? null : Math.Round(100.0 * part / whole, 2);
}
