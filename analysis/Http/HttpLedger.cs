namespace CaptureFlow.Analysis;

/// <summary>Counts requests by route, and says what became of them.</summary>
internal sealed class HttpLedger(FindingBook book)
{
    private const int MostRoutes = 1_000;
    private const long Second = 1_000_000_000;

    /// <summary>An answer that takes longer is slow.</summary>
    private const long SlowAnswer = Second;

    /// <summary>Shorter waits at the end of a capture are nothing special.</summary>
    private const long LongestWait = 5 * Second;

    private readonly Dictionary<(string Server, string Method, string Route), HttpRouteTally> _routes = [];
    private RoundTrips _times;

    private long _requests;
    private long _answers;
    private long _clientErrors;
    private long _serverErrors;
    private long _grpcErrors;
    private long _unanswered;

    /// <summary>For tests: each exchange that was answered.</summary>
    public Action<HttpExchange, TcpConversation>? Observer { get; set; }

    /// <summary>Requests of which it cannot be said whether they were answered.</summary>
    public long Unclear { get; private set; }

    /// <summary>Answers whose request was not seen.</summary>
    public long Alone { get; private set; }

    /// <summary>Connections of HTTP/2 whose beginning, or a part of whose headers, is not in the file.</summary>
    public long HalfRead { get; set; }

    /// <summary>Before the findings are closed: each is told out of how many requests it is.</summary>
    public HttpTotals Close(int rows)
    {
        foreach (var tally in _routes.Values)
        {
            foreach (var finding in tally.Findings)
            {
                finding.Of = Math.Max(finding.Of, tally.Requests);
            }
        }

        return Totals(rows);
    }

    private HttpTotals Totals(int rows) => new(
        _requests, _answers, _clientErrors, _serverErrors, _grpcErrors, _unanswered, Unclear,
        _times.MedianMilliseconds, _times.LongestMilliseconds,
        [.. _routes.OrderByDescending(pair => pair.Value.Errors).ThenByDescending(pair => pair.Value.Requests)
            .ThenBy(pair => pair.Key.Server, StringComparer.Ordinal)
            .ThenBy(pair => pair.Key.Route, StringComparer.Ordinal).ThenBy(pair => pair.Key.Method, StringComparer.Ordinal)
            .Take(rows).Select(pair => pair.Value.ToRow(pair.Key.Server, pair.Key.Method, pair.Key.Route))]);

    /// <param name="exchange">Null when the request was not seen.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="at">The packet with its first byte.</param>
    /// <param name="c">The connection.</param>
    public void AddAnswered(HttpExchange? exchange, int status, Moment at, TcpConversation c)
    {
        Alone += exchange is null ? 1 : 0;
        exchange ??= new("http/1", "?", "a request that was not seen", at);
        (exchange.Status, exchange.ResponseAt) = (status, at);
        AddEnded(exchange, c, seen: exchange.Method != "?");
    }

    /// <summary>An answer of which everything is known; <see cref="HttpExchange.Status"/> is set.</summary>
    public void AddEnded(HttpExchange exchange, TcpConversation c, bool seen = true)
    {
        Observer?.Invoke(exchange, c);
        _requests += seen ? 1 : 0;
        _answers++;
        _clientErrors += exchange.Status is >= 400 and < 500 ? 1 : 0;
        _serverErrors += exchange.Status >= 500 ? 1 : 0;
        _grpcErrors += exchange.GrpcStatus is > 0 ? 1 : 0;
        var tally = TallyOf(exchange, c);
        tally.Add(exchange);
        var subject = Subject(exchange, c);
        if (seen)
        {
            var took = exchange.ResponseAt.Time - exchange.RequestAt.Time;
            _times.Add(took, exchange.ResponseAt.Number);
            tally.Times.Add(took, exchange.ResponseAt.Number);
            if (took >= SlowAnswer)
            {
                var slow = book.Note(HttpFindings.Slow, subject, exchange.ResponseAt);
                slow.Largest = Math.Max(slow.Largest, took);
            }
        }

        NoteErrors(exchange, subject, tally);
    }

    public void AddUnclear(HttpExchange exchange, TcpConversation c)
    {
        _requests++;
        Unclear++;
        TallyOf(exchange, c).Add(exchange);
    }

    /// <summary>The connection is over, or the capture, and nothing came.</summary>
    public void AddUnanswered(HttpExchange exchange, TcpConversation c, long endTime)
    {
        var waited = (c.End is null ? endTime : c.LastTime) - exchange.RequestAt.Time;
        if (c.OneDirection || (c.End is null && waited < LongestWait))
        {
            // Under way when the capture ended, or answered where nobody looked.
            AddUnclear(exchange, c);
            return;
        }

        _requests++;
        _unanswered++;
        TallyOf(exchange, c).AddUnanswered(exchange);
        var end = c.End is { } ended
            ? $"the {Side(ended.ByClient)} {(ended.ByReset ? "reset" : "closed")} the connection"
            : "nothing came until the end of the capture";
        var group = book.NoteVariant(HttpFindings.Unanswered, Subject(exchange, c), end, exchange.RequestAt);
        group.Largest = Math.Max(group.Largest, waited);
    }

    public void AddToTlsPort(TcpConversation c, Moment at)
    {
        _requests++;
        _unanswered++;
        book.Note(HttpFindings.ToTlsPort, c.Subject, at);
    }

    /// <summary>A stream of HTTP/2 that one end broke off.</summary>
    public void AddReset(HttpExchange exchange, TcpConversation c, bool byClient, uint code, Moment at)
    {
        book.NoteVariant(HttpFindings.StreamReset, Subject(exchange, c), $"by the {Side(byClient)}: {Http2Words.Error(code)}", at);
        if (exchange.IsAnswered)
        {
            AddEnded(exchange, c);
            return;
        }

        _requests++;
        _unanswered++;
        TallyOf(exchange, c).AddUnanswered(exchange);
    }

    public void AddGoAway(TcpConversation c, bool byClient, uint code, Moment at) =>
        book.NoteVariant(HttpFindings.GoAway, c.Subject, $"{Http2Words.Error(code)} by the {Side(byClient)}", at);

    private void NoteErrors(HttpExchange exchange, string subject, HttpRouteTally tally)
    {
        if (exchange.Status >= 400)
        {
            var kind = exchange.Status >= 500 ? HttpFindings.ServerErrors : HttpFindings.ClientErrors;
            tally.Findings.Add(book.NoteVariant(kind, subject, HttpWords.Status(exchange.Status), exchange.ResponseAt));
        }

        if (exchange.GrpcStatus is > 0 and var status)
        {
            var kind = HttpWords.IsServers(status) ? HttpFindings.GrpcServerErrors : HttpFindings.GrpcClientErrors;
            tally.Findings.Add(book.NoteVariant(kind, subject, HttpWords.Grpc(status), exchange.ResponseAt));
        }
    }

    private static string Side(bool client) => client ? "client" : "server";

    private static string Subject(HttpExchange exchange, TcpConversation c) => $"{exchange.Method} {exchange.Route} → {c.ServerEnd}";

    private HttpRouteTally TallyOf(HttpExchange exchange, TcpConversation c)
    {
        var key = (c.ServerEnd.ToString(), exchange.Method, exchange.Route);
        if (!_routes.TryGetValue(key, out var tally))
        {
            key = _routes.Count < MostRoutes ? key : ("others", "any", "others");
            if (!_routes.TryGetValue(key, out tally))
            {
                _routes[key] = tally = new();
            }
        }

        return tally;
    }
}
