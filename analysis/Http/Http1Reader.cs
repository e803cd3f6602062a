using System.Buffers.Text;

namespace CaptureFlow.Analysis;

/// <summary>HTTP/1 in the clear: holds requests against their answers.</summary>
internal sealed class Http1Reader : IStreamReader
{
    /// <summary>Requests that wait at the same time on one connection: nobody sends so many ahead.</summary>
    private const int MostWaiting = 64;

    private const byte TlsAlert = 21;

    private readonly HttpLedger _ledger;
    private readonly StreamBudget _budget;
    private readonly TcpConversation _connection;
    private readonly Queue<HttpExchange> _waiting = [];
    private readonly HttpMessageReader _requests;
    private readonly HttpMessageReader _answers;

    public Http1Reader(HttpLedger ledger, StreamBudget budget, TcpConversation connection)
    {
        (_ledger, _budget, _connection) = (ledger, budget, connection);
        _requests = new(budget, new Requests(this));
        _answers = new(budget, new Answers(this));
    }

    public string Name => "http";

    public bool IsDone => _requests.IsStopped && _answers.IsStopped;

    public IByteSink FromClient => _requests;

    public IByteSink FromServer => _answers;

    public void End(TcpConversation connection, long endTime)
    {
        _requests.End();
        _answers.End();
        while (Next() is { } exchange)
        {
            if (exchange.Gaps == _answers.Gaps)
            {
                _ledger.AddUnanswered(exchange, connection, endTime);
            }
            else
            {
                _ledger.AddUnclear(exchange, connection);
            }
        }
    }

    private HttpExchange? Next()
    {
        if (!_waiting.TryDequeue(out var exchange))
        {
            return null;
        }

        _budget.Return(HttpExchange.Cost);
        return exchange;
    }

    private HttpBody Request(ReadOnlySpan<byte> head, bool cut, Moment at)
    {
        var method = HttpWords.Method(head);
        if (method is null)
        {
            return new(HttpBodyKind.Unknown);
        }

        // Where something of the answers is missing, those that wait may have been answered there.
        while (_waiting.TryPeek(out var before) && (before.Gaps != _answers.Gaps || _waiting.Count >= MostWaiting))
        {
            _ledger.AddUnclear(Next()!, _connection);
        }

        var target = head[(method.Length + 1)..];
        var end = target.IndexOfAny((byte)' ', (byte)'\r', (byte)'\n');

        // The end of a path that is cut may be half of a name.
        var route = end >= 0 ? RouteShape.Of(target[..end]) : "a path that is cut";
        HttpExchange exchange = new("http/1", method, method == "CONNECT" ? "a tunnel" : route, at) { Gaps = _answers.Gaps };
        if (_budget.TryTake(HttpExchange.Cost))
        {
            _waiting.Enqueue(exchange);
        }
        else
        {
            _ledger.AddUnclear(exchange, _connection);
        }

        return cut ? new(HttpBodyKind.Unknown) : HttpBody.From(head, HttpBodyKind.Length);
    }

    private HttpBody Answer(ReadOnlySpan<byte> head, bool cut, Moment at)
    {
        const int digits = 3;
        var space = head[..Math.Min(head.Length, 16)].IndexOf((byte)' ');
        if (space < 0 || head.Length < space + 1 + digits
            || !Utf8Parser.TryParse(head.Slice(space + 1, digits), out int status, out var used) || used != digits || status < 100)
        {
            return new(HttpBodyKind.Unknown);
        }

        if (status is >= 100 and < 200 and not 101)
        {
            return cut ? new(HttpBodyKind.Unknown) : HttpBody.None;
        }

        var exchange = Next();
        var method = exchange?.Method;
        _ledger.AddAnswered(exchange, status, at, _connection);
        if (status == 101 || (method == "CONNECT" && status < 300))
        {
            _requests.Stop();
            _answers.Stop();
            return new(HttpBodyKind.Stop);
        }

        return cut ? new(HttpBodyKind.Unknown)
            : method == "HEAD" || status is 204 or 304 ? HttpBody.None
            : HttpBody.From(head, HttpBodyKind.UntilClose);
    }

    private sealed class Requests(Http1Reader reader) : IHttpHeads
    {
        public bool Begins(ReadOnlySpan<byte> start) => HttpWords.Method(start) is not null;

        public HttpBody Head(ReadOnlySpan<byte> head, bool cut, Moment at) => reader.Request(head, cut, at);

        public void NotHttp(ReadOnlySpan<byte> start, Moment at)
        {
        }
    }

    private sealed class Answers(Http1Reader reader) : IHttpHeads
    {
        public bool Begins(ReadOnlySpan<byte> start) => start.StartsWith(HttpWords.Version);

        public HttpBody Head(ReadOnlySpan<byte> head, bool cut, Moment at) => reader.Answer(head, cut, at);

        public void NotHttp(ReadOnlySpan<byte> start, Moment at)
        {
            if (start[0] == TlsAlert && TlsRecordReader.IsHeader(start) && reader.Next() is not null)
            {
                reader._ledger.AddToTlsPort(reader._connection, at);
            }
        }
    }
}
